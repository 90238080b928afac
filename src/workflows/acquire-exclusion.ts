import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { CancellationScope, ParentClosePolicy, startChild, workflowInfo } from '@temporalio/workflow';
import type { Exclusion } from '../contract/activities';
import { MEMO } from '../contract/names';
import type { WhenBusy } from '../contract/request';
import { queueing } from './activity-calls';
import { holdExclusion } from './hold-exclusion';
import type { Status } from './status';
import { markdown } from './markdown';

export interface Acquired {
  readonly exclusion: Exclusion;
  /** Whether somebody else held it first: what was prepared before may not hold any more. */
  readonly waited: boolean;
}

/**
 * Takes the lock (E8): a child workflow whose id is the lock, so that the server itself keeps it unique and ends it when
 * the holder closes, however it closes. Returns once it is ours; waits, or fails with `Busy`, while another request holds it.
 */
export async function acquireExclusion(
  lockId: string,
  whenBusy: WhenBusy,
  status: Status,
): Promise<Acquired> {
  const originalRunId = workflowInfo().originalExecutionRunId;
  for (let waited = false; ; waited = true) {
    const lockRunId = await tryToTake(lockId, originalRunId);
    if (lockRunId !== undefined) return { exclusion: { lockId, lockRunId }, waited };
    status.set('exclusion', markdown`waiting for ${lockId}`, 'queued');
    const turn = await queueing(`wait for ${lockId}`).awaitExclusion({ lockId, originalRunId, whenBusy });
    if (turn.kind === 'ours') return { exclusion: { lockId, lockRunId: turn.lockRunId }, waited: true };
  }
}

/** Not cancellable: a cancel would reach the lock itself, and end it before its holder has. */
const tryToTake = (lockId: string, originalRunId: string): Promise<string | undefined> =>
  CancellationScope.nonCancellable(async () => {
    try {
      const lock = await startChild(holdExclusion, {
        workflowId: lockId,
        args: [{ originalRunId }],
        memo: { [MEMO.holder]: originalRunId },
        parentClosePolicy: ParentClosePolicy.TERMINATE,
        staticSummary: `lock of ${workflowInfo().workflowId}`,
      });
      return lock.firstExecutionRunId;
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return undefined;
      throw error;
    }
  });
