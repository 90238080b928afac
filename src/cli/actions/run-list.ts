import type { ListedState } from '../../client';
import type { CommonOptions } from '../common-options';
import { EXIT } from '../exit-code';
import { bareIds } from '../render/bare-ids';
import { renderList } from '../render/render-list';
import { runAction } from '../run-action';
import { rowsText } from '../write-data';

export interface ListCommandOptions extends CommonOptions {
  readonly state?: readonly ListedState[];
  readonly vm?: string;
}

/** Conditions that need a person: a cron job that asks for nothing else is told by the exit code. */
const ALARMS: readonly ListedState[] = ['needs-decision', 'overdue', 'blocked'];

export const runList = (options: ListCommandOptions): Promise<number> =>
  runAction(options, async ({ snapflow, terminal, format, quiet, signal, hint }) => {
    const { state: states, vm } = options;
    const rows = await snapflow.list({
      signal,
      ...(states === undefined ? {} : { states }),
      ...(vm === undefined ? {} : { vm }),
    });
    if (rows.length === 0 && format === 'table') hint('No operations.');
    else
      terminal.out(
        rowsText(format, 'operation', rows, () =>
          quiet ? bareIds(rows.map(({ id }) => id)) : renderList(rows, new Date()),
        ),
      );
    return listExitCode(states, rows.length);
  });

/** A list is a success, unless it asks for alarms alone and there are any. */
export const listExitCode = (states: readonly ListedState[] | undefined, rows: number): number => {
  const onlyAlarms =
    states !== undefined && states.length > 0 && states.every((state) => ALARMS.includes(state));
  return onlyAlarms && rows > 0 ? EXIT.failed : EXIT.ok;
};
