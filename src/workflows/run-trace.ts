import { workflowInfo } from '@temporalio/workflow';

/**
 * Whether a reset made this run, told from the run ids that activities recorded. A workflow must not branch on its own
 * run id: the history of a reset run was begun under another one, and is replayed under that.
 */
export class RunTrace {
  private reset = false;

  saw(runId: string): void {
    if (runId !== workflowInfo().originalExecutionRunId) this.reset = true;
  }

  get wasReset(): boolean {
    return this.reset;
  }
}
