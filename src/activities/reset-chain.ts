import type { WorkflowExecutionDescription } from '@temporalio/client';
import { describeRun } from './lock';

/** Nobody resets one run more often; beyond it nothing is known of the newest one. */
const MOST_RESETS = 100;

export interface ResetChain {
  /** A run and those that resets made of it, oldest first; where it is not whole, whichever run has the id now comes last. */
  readonly runs: readonly WorkflowExecutionDescription[];
  /** False where one of them is forgotten, retention having passed, or where there are too many. */
  readonly isWhole: boolean;
}

/** Follows a run through its resets: the run itself has closed by one, and the newest of the chain still counts. */
export async function resetChain(workflowId: string, runId: string | undefined): Promise<ResetChain> {
  const runs: WorkflowExecutionDescription[] = [];
  let next = runId;
  while (runs.length < MOST_RESETS) {
    const run = await describeRun(workflowId, next);
    if (run === undefined) break;
    runs.push(run);
    next = run.raw.workflowExtendedInfo?.resetRunId ?? '';
    if (next === '') return { runs, isWhole: true };
  }
  const newest = await describeRun(workflowId);
  return { runs: newest === undefined ? runs : [...runs, newest], isWhole: false };
}
