import { Argument } from 'commander';
import { FAILURES, type FailureKind, type FailureType } from '../../contract/failures';
import { EXIT } from '../errors';
import { addFormatOptions, examples, formatOf, type DefineCommand, type FormatOptions } from '../options';
import { dataText, fields, rowsText, table } from '../output';

export const define: DefineCommand = (command, setExitCode) => {
  command.addArgument(
    new Argument('[type]', 'type of a failure, as its message begins with (default: all of them)').choices(
      Object.keys(FAILURES),
    ),
  );
  addFormatOptions(command)
    .addHelpText('after', examples(['snapflow explain NameTaken', 'snapflow explain --json']))
    .action((type: FailureType | undefined, options: FormatOptions) => setExitCode(explain(type, options)));
};

/** Needs no server: the table is part of this version. */
function explain(type: FailureType | undefined, options: FormatOptions): number {
  const format = formatOf(options);
  const quiet = options.quiet === true;
  process.stdout.write(
    type === undefined
      ? rowsText(format, 'failure', ALL, () => (quiet ? names() : list()))
      : dataText(format, 'failure', explained(type), () => (quiet ? `${type}\n` : one(explained(type)))),
  );
  return EXIT.ok;
}

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
  undone: 'undone, or kept if the request said so',
  kept: 'something is left behind; the message names it',
  unknown: 'unknown: check in vSphere',
  'as the message says': 'as the message says',
} as const satisfies Record<FailureKind['effect'], string>;
