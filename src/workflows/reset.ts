import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { workflowInfo, CancellationScope, isCancellation } from '@temporalio/workflow';
import type { MayHavePostedInput, PostedBefore } from '../contract/evidence';
import { omitUndefined } from '../contract/omit-undefined';
import { patiently } from './activity-calls';
import { toApplicationFailure } from './refusals';
import type { Status } from './status';

/**
 * Whether a reset made this run, told from the run ids that activities recorded. A workflow must not branch on its own
 * run id: the history of a reset run was begun under another one, and is replayed under that.
 */
export class ResetDetector {
  private reset = false;

  record(runId: string): void {
    if (runId !== workflowInfo().originalExecutionRunId) this.reset = true;
  }

  get wasReset(): boolean {
    return this.reset;
  }
}

/** A workflow task's completion, an activity's three events, and the next workflow task's schedule and start. */
const EVENTS_OF_A_STEP = 6;

/**
 * One activity of a run, and whether nothing else has happened since. A run that a reset made after it, and one whose
 * workflow task failed before a cancel arrived, have three events more at the same place: a workflow task that failed,
 * and its successor. What such a run takes for its own may be an earlier run's, which has undone it since.
 */
export class UndisturbedStep {
  private readonly scheduledAt = workflowInfo().historyLength;

  /** In the workflow task that the activity's end began. Later, or with anything between, it is false. */
  get hasJustEnded(): boolean {
    return workflowInfo().historyLength === this.scheduledAt + EVENTS_OF_A_STEP;
  }
}

/**
 * The steps before the start. A stop ends them, and with them the run, unless an earlier run of the request may have
 * posted: then this run is one that was ever unknown, and looks before it ends in any way (E5). It does the steps again,
 * shielded, and the stop acts where the outcome is known. A step that fails ends the run. What earlier runs may have left
 * is named in it.
 */
export class PreStartSteps {
  private isShielded = false;

  constructor(private readonly status: Status) {}

  async run<T>(step: () => Promise<T>): Promise<T> {
    try {
      return await this.stoppable(step);
    } catch (error) {
      throw isCancellation(error) ? error : await this.withEarlierRuns(error);
    }
  }

  private async stoppable<T>(step: () => Promise<T>): Promise<T> {
    if (!this.isShielded) {
      try {
        return await step();
      } catch (error) {
        if (!isCancellation(error) || !(await this.askShielded()).mayHavePosted) throw error;
        this.isShielded = true;
      }
    }
    return CancellationScope.nonCancellable(step);
  }

  private async withEarlierRuns(error: unknown): Promise<unknown> {
    const cause = error instanceof ActivityFailure ? error.cause : error;
    if (!(cause instanceof ApplicationFailure)) return error;
    const { mayHavePosted, tasks } = await this.askShielded();
    if (!mayHavePosted) return error;
    const { type, message, details } = cause;
    return ApplicationFailure.nonRetryable(`${message} ${leftBy(tasks)}`, type, ...(details ?? []));
  }

  private askShielded(): Promise<PostedBefore> {
    return CancellationScope.nonCancellable(() => askWhetherPosted(this.status, {}));
  }
}

const leftBy = (tasks: readonly string[]): string =>
  tasks.length === 0
    ? 'An earlier run of this request may have had its effect, and this one has not looked for it.'
    : `An earlier run of this request started task ${tasks.join(' and task ')}, and this one has not looked at what became of it.`;

/** One activity, in whatever run: that a reset made this one can only be told by an activity. */
export const askWhetherPosted = (status: Status, input: MayHavePostedInput) =>
  patiently('read whether an earlier run of this request may have posted', status, (a) =>
    a.mayHavePosted(input),
  );

/**
 * Before a success: a run that a reset made while the run before it was undoing must not say that all is well, for what it
 * has verified is going, or gone. An original run pays nothing.
 */
export async function assertNotUndone(
  effect: string,
  taskId: string | undefined,
  { trace, status }: { readonly trace: ResetDetector; readonly status: Status },
): Promise<void> {
  if (!trace.wasReset || !(await askWhetherPosted(status, {})).undoBegun) return;
  throw toApplicationFailure({
    type: 'CompensationIncomplete',
    message: `An earlier run of this request has begun to undo ${effect}: whether it is still there is not known, look at it.`,
    ...omitUndefined({ details: taskId === undefined ? undefined : { taskId } }),
  });
}
