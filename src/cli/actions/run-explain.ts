import { FAILURES, type FailureKind, type FailureType } from '../../contract/failures';
import { formatOf, type FormatOptions } from '../common-options';
import { fields, table } from '../render/table';
import { dataText, rowsText } from '../write-data';

/** Asks nobody: the table is part of this version. */
export const runExplain = (type: FailureType | undefined, options: FormatOptions): number => {
  const format = formatOf(options);
  const quiet = options.quiet === true;
  process.stdout.write(
    type === undefined
      ? rowsText(format, 'failure', ALL, () => (quiet ? names() : list()))
      : dataText(format, 'failure', explained(type), () => (quiet ? `${type}\n` : one(explained(type)))),
  );
  return 0;
};

/** Its name is no `type`: that is what a line of jsonl is. */
interface Explained extends FailureKind {
  readonly failure: FailureType;
}

const explained = (type: FailureType): Explained => ({ failure: type, ...FAILURES[type] });

const ALL = (Object.keys(FAILURES) as FailureType[]).map(explained);

const names = (): string => ALL.map(({ failure }) => `${failure}\n`).join('');

const list = (): string =>
  table(
    ['TYPE', 'EXIT', 'MEANING'],
    ALL.map(({ failure, exitCode, meaning }) => [failure, String(exitCode), meaning]),
  );

const one = ({ failure, exitCode, effect, meaning, remedy }: Explained): string =>
  fields([
    ['failure', failure],
    ['exit code', String(exitCode)],
    ['meaning', meaning],
    ['on vSphere', ON_VSPHERE[effect]],
    ['what to do', remedy],
  ]);

const ON_VSPHERE = {
  none: 'nothing was changed',
  undone: 'what was done was undone, or kept where the request said so',
  kept: 'something is left; the message names it',
  unknown: 'not known: look',
  'as the message says': 'as the message says',
} as const satisfies Record<FailureKind['effect'], string>;
