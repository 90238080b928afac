import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { CancellationScope, ParentClosePolicy, startChild, workflowInfo } from '@temporalio/workflow';
import type { Exclusion } from '../contract/activities';
import { inlineCode } from '../contract/inline-code';
import { MEMO } from '../contract/names';
import type { WhenBusy } from '../contract/request';
import { summaryText } from '../contract/summary-text';
import { queueing } from './activity-calls';
import type { Shown } from './current-details';
import { holdExclusion } from './hold-exclusion';
import type { Status } from './status';

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
    status.set('exclusion', queuedFor(lockId, status), 'queued');
    const turn = await queueing(`queue for the lock ${lockId}`).awaitExclusion({
      lockId,
      originalRunId,
      whenBusy,
    });
    if (turn.kind === 'ours') return { exclusion: { lockId, lockRunId: turn.lockRunId }, waited: true };
  }
}

const queuedFor = (lockId: string, status: Status): Shown => ({
  what: `another open request holds the lock ${inlineCode(lockId)}; this one comes next or later`,
  next: "it begins by itself, within seconds of the other one's end",
  stuck: `the heartbeat under Pending Activities names the run in the way: look at that one. ${status.command('cancel')} stops queueing`,
});

/** For whoever comes across a lock in the UI's list, where its usual end looks like an accident. */
const LOCK_DETAILS =
  'Keeps other requests from the same clone name or machine. It does nothing and ends with its holder, the parent workflow: **Terminated is its normal end.** Leave it alone.';

/** Not cancellable: a cancel would reach the lock itself, and end it before its holder has. */
const tryToTake = (lockId: string, originalRunId: string): Promise<string | undefined> =>
  CancellationScope.nonCancellable(async () => {
    try {
      const lock = await startChild(holdExclusion, {
        workflowId: lockId,
        args: [{ originalRunId }],
        memo: { [MEMO.holder]: originalRunId },
        parentClosePolicy: ParentClosePolicy.TERMINATE,
        staticSummary: summaryText(`lock, held by ${workflowInfo().workflowId}`),
        staticDetails: LOCK_DETAILS,
      });
      return lock.firstExecutionRunId;
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return undefined;
      throw error;
    }
  });
