import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  CancellationScope,
  condition,
  ParentClosePolicy,
  sleep,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import type { Exclusion } from '../contract/activities';
import { MEMO, type WhenBusy } from '../contract/operations';
import { markdownCode, summaryText } from '../contract/text';
import { queueing, reading } from './activity-calls';
import { untilEnd, type Awaited } from './await-task';
import type { ResetDetector } from './reset';
import type { Shown, Status } from './status';

/**
 * The lock of one clone name or virtual machine: it is held while this workflow runs. It does nothing, ignores cancels,
 * and is terminated by the server when its parent, the holder, closes. See docs/decisions/0003-exclusion.md.
 */
export async function holdExclusion(_holder: { readonly originalRunId: string }): Promise<void> {
  await CancellationScope.nonCancellable(() => condition(() => false));
}

/** A lock to take. `reserved`: what it keeps from others, for people, for example `the name ci-42`. */
interface Wanted {
  readonly lockId: string;
  readonly reserved: string;
}

export interface Acquired {
  readonly exclusion: Exclusion;
  /** Whether another request held it first. What was prepared before may be stale. */
  readonly waited: boolean;
}

/**
 * Takes the lock (E8): a child workflow whose id is the lock, so that the server itself keeps it unique and ends it when
 * the holder closes, however it closes. Returns once it is ours. Waits, or fails with `Busy`, while another request holds it.
 */
export async function acquireExclusion(
  { lockId, reserved }: Wanted,
  whenBusy: WhenBusy,
  status: Status,
): Promise<Acquired> {
  const originalRunId = workflowInfo().originalExecutionRunId;
  for (let waited = false; ; waited = true) {
    const lockRunId = await tryToTake({ lockId, reserved }, originalRunId);
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
  what: `another open request holds the lock ${markdownCode(lockId)}; this one is next or later`,
  next: "it begins by itself, within seconds of the other one's end",
  stuck: `the heartbeat under Pending Activities names the run in the way. Look at that one. ${status.command('cancel')} stops queueing`,
});

/** Shown in the UI's list, where the usual end of a lock looks like an accident. */
const LOCK_DETAILS =
  'Keeps other requests from the same clone name or machine. It does nothing and ends with its holder, the parent workflow: **Terminated is its normal end.** Leave it alone.';

/** Not cancellable: a cancel would reach the lock itself, and end it before its holder has. */
const tryToTake = ({ lockId, reserved }: Wanted, originalRunId: string): Promise<string | undefined> =>
  CancellationScope.nonCancellable(async () => {
    try {
      const lock = await startChild(holdExclusion, {
        workflowId: lockId,
        args: [{ originalRunId }],
        memo: { [MEMO.holder]: originalRunId },
        parentClosePolicy: ParentClosePolicy.TERMINATE,
        staticSummary: summaryText(`reserves ${reserved} while this run lasts`),
        staticDetails: LOCK_DETAILS,
      });
      return lock.firstExecutionRunId;
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return undefined;
      throw error;
    }
  });

/**
 * The server ends a lock with its holder, but not with a run that a reset made of its holder (seen on 1.29.1): such a run
 * ends the lock itself. An original run pays nothing. Where no activity ran after the reset, the lock stays until the
 * next request for it finds its holder closed.
 */
export async function releaseAfterReset<T>(
  exclusion: Exclusion | undefined,
  trace: ResetDetector,
  body: () => Promise<T>,
): Promise<T> {
  try {
    return await body();
  } finally {
    if (trace.wasReset && exclusion !== undefined) {
      await CancellationScope.nonCancellable(() =>
        reading(`release ${exclusion.lockId}`).releaseExclusion(exclusion),
      );
    }
  }
}

/** Summary of the timer. */
const SETTLING = "safety wait: the last call of the lock's previous holder may still take effect";

/** What holders of the lock before this one left when they were terminated. */
interface Left {
  readonly settleMs?: number;
  readonly openTasks?: readonly string[];
}

/** Waits until it may no longer act. Afterwards whatever was read before is stale. @returns false where nothing is left */
export async function outwaited(
  { settleMs, openTasks = [] }: Left,
  awaited: Pick<Awaited, 'connection' | 'settings'>,
  status: Status,
): Promise<boolean> {
  for (const taskId of openTasks) {
    status.set('exclusion', leftOpen(taskId), 'queued');
    await untilEnd({ ...awaited, taskId, called: "the lock's previous holder", isOurs: false }, status);
  }
  if (settleMs !== undefined) {
    status.set('exclusion', settling(settleMs), 'queued');
    await sleep(settleMs, { summary: SETTLING });
  }
  return openTasks.length > 0 || settleMs !== undefined;
}

const leftOpen = (taskId: string): Shown => ({
  what: "the lock's previous holder was terminated, and its task still runs",
  taskId,
  next: 'once that task has ended, it checks again and begins',
});

const settling = (settleMs: number): Shown => ({
  what: "safety wait: the lock's previous holder was terminated a moment ago, and its last call may still take effect",
  next: `it checks again and begins, in ${Math.ceil(settleMs / 1_000)} s at most`,
});
