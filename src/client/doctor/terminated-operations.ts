import { WORKFLOWS } from '../../contract/names';
import { describeRun } from '../describe-run';
import { firstRuns } from '../first-runs';
import { listedOf, type ListedOperation } from '../list-operations';
import type { TemporalLink } from '../temporal-link';

/** Each costs a call; the newest are those that somebody still remembers. */
const MOST_RUNS = 50;

/** Operations whose newest run was terminated, not those that a reset or a repeat carries on. */
export const terminatedOperations = async (
  link: TemporalLink,
  signal?: AbortSignal,
): Promise<readonly ListedOperation[]> => {
  const types = `WorkflowType IN ("${WORKFLOWS.linkedCloneVm}", "${WORKFLOWS.revertVm}")`;
  const { runs } = await firstRuns(link, `${types} AND ExecutionStatus = "Terminated"`, MOST_RUNS, signal);
  const looked = await Promise.all(
    runs.map(async (run) => {
      const newest = await describeRun(link, run.workflowId, undefined, signal);
      return newest === undefined || newest.runId === run.runId ? listedOf(run) : undefined;
    }),
  );
  return looked.filter((operation) => operation !== undefined);
};
