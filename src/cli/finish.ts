import type { OperationOverview } from '../client';
import { exitCodeOfStatus } from './exit-code';
import { explainFailure } from './explain-error';
import { anyText } from './render/any-text';
import { bareIds } from './render/bare-ids';
import { decisions } from './render/decisions';
import { renderOverview } from './render/render-overview';
import type { ActionContext } from './run-action';
import { dataText, jsonLine } from './write-data';

/**
 * Writes how an operation stands and gives the exit code that says the same.
 * @param alone whether nothing was written on stdout before: with `jsonl` the version line is then due
 */
export const finish = (context: ActionContext, overview: OperationOverview, alone: boolean): number => {
  const { terminal, format, quiet } = context;
  const { status } = overview;
  const asTable = (): string => (quiet ? bareId(overview) : renderOverview(overview, new Date()));
  const text =
    format === 'jsonl' && !alone
      ? jsonLine({ type: 'result', ...status })
      : dataText(format, 'result', status, asTable);
  terminal.out(text);
  if (status.failure !== undefined) terminal.err(`${explainFailure(status.failure)}\n`);
  if (!quiet) terminal.err(decisions(overview));
  return exitCodeOfStatus(status);
};

/** What a script asks for: the id of what was made, else nothing. */
const bareId = ({ status: { result } }: OperationOverview): string =>
  result !== undefined && 'vmId' in result ? bareIds([anyText(result.vmId)]) : '';
