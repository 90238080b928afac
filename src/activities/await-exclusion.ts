import { Context } from '@temporalio/activity';
import type { AwaitExclusionInput, ExclusionTurn } from '../contract/activities';
import type { Progress } from '../contract/progress';
import { isClosed } from './is-closed';
import { runningLock, type HeldLock } from './lock';
import { terminateLock } from './release-exclusion';
import { resetChain } from './reset-chain';
import { failWith } from './to-failure';

/** The holder's close is noticed within this; a long poll for it would hold a connection instead. */
const LOOK_EVERY_MS = 2_000;
/** Keeps many waiters from asking, and then running for the lock, in step. */
const JITTER = 0.3;

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

/**
 * Its newest run counts. A holder whose first run the server has forgotten may live on in one that a reset made: then it is
 * whichever run has its id now, unless that is ours, which is no holder before it has the lock.
 */
async function isHolderClosed({ holderId, originalRunId }: HeldLock): Promise<boolean> {
  const { runs, isWhole } = await resetChain(holderId, originalRunId);
  const isOurs = holderId === Context.current().info.workflowExecution?.workflowId;
  const newest = isWhole || !isOurs ? runs.at(-1) : undefined;
  return newest === undefined || isClosed(newest);
}

function refuse(lockId: string, { holderId }: HeldLock): never {
  failWith('Busy', `${holderId} holds ${lockId}: wait for it, or ask with whenBusy "wait".`, {
    lockId,
    holderId,
  });
}
