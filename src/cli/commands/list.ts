import { InvalidArgumentError, Option } from 'commander';
import type { ListedOperation, ListedState } from '../../client';
import { ALARMS, isCondition, LISTED_STATES } from '../../contract/progress';
import { nearest } from '../../request/parse';
import { EXIT } from '../errors';
import { omitUndefined } from '../../contract/omit-undefined';
import { addCommonOptions, examples, type CommonOptions, type DefineCommand } from '../options';
import { bareIds, formatSpan, rowsText, table } from '../output';
import { runAction } from '../run-action';

interface ListOptions extends CommonOptions {
  readonly state?: readonly ListedState[];
  readonly vm?: string;
}

export const define: DefineCommand = (command, setExitCode) => {
  command
    .addOption(
      new Option('--state <state,...>', 'states and conditions, separated by commas')
        .choices(LISTED_STATES)
        .argParser(statesOption),
    )
    .option('--vm <vm>', 'source or reverted virtual machine, as the request named it');
  addCommonOptions(command)
    .addHelpText(
      'after',
      `\nWith only needs-decision, overdue and blocked in --state: exits 1 if any operation is in one of these states.\n${examples(
        [
          'snapflow list',
          'snapflow list --state running,failed --vm web-01 --json',
          'snapflow list --state needs-decision,overdue,blocked --quiet || notify-someone',
        ],
      )}`,
    )
    .action(async (options: ListOptions) => setExitCode(await list(options)));
};

/** Value parser of `--state`: known states and conditions, separated by commas. */
function statesOption(text: string): ListedState[] {
  const words = text.split(',').map((word) => word.trim());
  const unknown = words.find((word) => !isListedState(word));
  if (unknown === undefined) return words.filter(isListedState);
  const guess = nearest(unknown, LISTED_STATES);
  const all = `Give some of ${LISTED_STATES.join(', ')}`;
  throw new InvalidArgumentError(guess === undefined ? `${all}.` : `${all}; did you mean ${guess}?`);
}

const isListedState = (word: string): word is ListedState => LISTED_STATES.some((state) => state === word);

const list = (options: ListOptions): Promise<number> =>
  runAction(options, async ({ snapflow, terminal, format, quiet, signal, print }) => {
    const { state: states, vm } = options;
    const rows = await snapflow.list({ signal, ...omitUndefined({ states, vm }) });
    const asTable = (): string => (quiet ? bareIds(rows.map(({ id }) => id)) : renderList(rows, new Date()));
    if (rows.length === 0 && format === 'table') print('No operations.');
    else terminal.out(rowsText(format, 'operation', rows, asTable));
    return listExitCode(states, rows.length);
  });

/** A list is a success, unless it asks for alarms alone and there are any: a cron job is told by the exit code. */
export function listExitCode(states: readonly ListedState[] | undefined, rows: number): number {
  const onlyAlarms =
    states !== undefined &&
    states.length > 0 &&
    states.every((state) => isCondition(state) && ALARMS.includes(state));
  return onlyAlarms && rows > 0 ? EXIT.failed : EXIT.ok;
}

/** Another program's data converter has sealed it. */
const UNREAD = '(unreadable)';

/** Operations as a table, one line each. */
export const renderList = (operations: readonly ListedOperation[], now: Date): string =>
  table(
    ['ID', 'OPERATION', 'STATE', 'VM', 'SNAPSHOT', 'NAME', 'AGE'],
    operations.map(({ id, operation, state, condition, vm, snapshot, name, startedAt, isMemoUnread }) => [
      id,
      operation,
      condition ?? state,
      vm,
      isMemoUnread ? UNREAD : snapshot,
      name ?? '-',
      formatSpan(now.getTime() - Date.parse(startedAt)),
    ]),
  );
