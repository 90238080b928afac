import { Context } from '@temporalio/activity';
import type { AwaitExclusionInput, ExclusionTurn } from '../contract/activities';
import type { Progress } from '../contract/progress';
import { describeRun, runningLock, type HeldLock } from './lock';
import { terminateLock } from './release-exclusion';
import { failWith } from './to-failure';

/** The holder's close is noticed within this; a long poll for it would hold a connection instead. */
const LOOK_EVERY_MS = 2_000;
/** Keeps many waiters from asking, and then running for the lock, in step. */
const JITTER = 0.3;
/** Nobody resets one run more often; beyond it the lock is left alone. */
const MOST_RESETS = 100;

/**
 * One heartbeating activity for the whole queueing. Whoever meets a lock looks at its holder: an earlier run of the same
 * request hands it over, a holder that has closed has left it behind.
 */
export async function awaitExclusion({
  lockId,
  originalRunId,
  whenBusy,
}: AwaitExclusionInput): Promise<ExclusionTurn> {
  const context = Context.current();
  for (;;) {
    const lock = await runningLock(lockId);
    if (lock === undefined) return { kind: 'free' };
    if (lock.originalRunId === originalRunId) return { kind: 'ours', lockRunId: lock.lockRunId };
    if (await isHolderClosed(lock))
      await terminateLock(lockId, lock.lockRunId, `its holder ${lock.holderId} has closed`);
    else if (whenBusy === 'fail') refuse(lockId, lock);
    else
      context.heartbeat({
        phase: 'exclusion',
        condition: 'queued',
        message: `held by ${lock.holderId}`,
      } satisfies Progress);
    await context.sleep(LOOK_EVERY_MS * (1 - JITTER * Math.random()));
  }
}

/** Follows the holder through its resets: its first run has closed by a reset, and the newest of the chain still counts. */
async function isHolderClosed({ holderId, originalRunId }: HeldLock): Promise<boolean> {
  let runId = originalRunId;
  for (let resets = 0; resets < MOST_RESETS; resets++) {
    const holder = await describeRun(holderId, runId);
    if (holder === undefined) return true;
    if (holder.status.name === 'RUNNING') return false;
    const next = holder.raw.workflowExtendedInfo?.resetRunId ?? '';
    if (next === '') return true;
    runId = next;
  }
  return false;
}

function refuse(lockId: string, { holderId }: HeldLock): never {
  failWith('Busy', `${holderId} holds ${lockId}: wait for it, or ask with whenBusy "wait".`, {
    lockId,
    holderId,
  });
}
