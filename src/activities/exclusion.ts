import { Context } from '@temporalio/activity';
import type { Exclusion, AwaitExclusionInput, ExclusionTurn } from '../contract/activities';
import { omitUndefined } from '../contract/omit-undefined';
import type { Progress } from '../contract/progress';
import { listedRuns } from '../contract/listed-runs';
import { isRunGone } from '../contract/run-gone';
import { failWith } from './errors';
import { isClosed, runningLock, describeRun, runsOf, type ForeignLock, type HeldLock } from './history';
import { resetChain } from './recent-holders';

/** Ends a lock by its run id. Already ended is fine. Another lock of the same id is never touched. */
async function terminateLock(lockId: string, lockRunId: string, why: string): Promise<void> {
  try {
    await Context.current().client.workflow.getHandle(lockId, lockRunId).terminate(why);
  } catch (error) {
    if (!isRunGone(error)) throw error;
  }
}

export const releaseExclusion = ({ lockId, lockRunId }: Exclusion): Promise<void> =>
  terminateLock(lockId, lockRunId, 'released by its holder');

/** Whether the lock is this very one still. Asked in the step that changes the machine. */
export const isHeld = async ({ lockId, lockRunId }: Exclusion): Promise<boolean> =>
  (await runningLock(lockId))?.lockRunId === lockRunId;

/** The holder's close is noticed within this. A long poll for it would hold a connection instead. */
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
    if (lock.kind === 'held' && lock.originalRunId === originalRunId)
      return { kind: 'ours', lockRunId: lock.lockRunId };
    if (lock.kind === 'held' && (await isHolderClosed(lock)))
      await terminateLock(lockId, lock.lockRunId, `its holder ${lock.holderId} has closed`);
    else if (whenBusy === 'fail') refuse(lockId, lock);
    else
      context.heartbeat({
        phase: 'exclusion',
        condition: 'queued',
        message: inTheWay(lock),
        ...omitUndefined({ heldBy: lock.kind === 'held' ? lock.holderId : undefined }),
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

/** A foreign workflow ends neither by us nor by itself: a person has to know of it. */
const inTheWay = (lock: HeldLock | ForeignLock): string =>
  lock.kind === 'held'
    ? `held by ${lock.holderId}`
    : `a workflow of type ${lock.type} has the lock's id and is no lock of an operation: end it, and this one begins`;

function refuse(lockId: string, lock: HeldLock | ForeignLock): never {
  if (lock.kind === 'foreign')
    failWith('Busy', `${lockId}: ${inTheWay(lock)}.`, { lockId, holderId: lockId });
  const { holderId } = lock;
  failWith(
    'Busy',
    `${holderId} holds ${lockId}: repeat this request when that one has ended, or let it wait for that one.`,
    {
      lockId,
      holderId,
    },
  );
}

/**
 * Whether another request took the lock at some time since. By visibility, which may lag by a second: a request needs longer
 * than that to have its effect and close.
 */
export async function wasHeldByAnother(lockId: string, since: Date): Promise<boolean> {
  const { client } = Context.current();
  const query = `${runsOf(lockId)} AND StartTime > '${since.toISOString()}'`;
  for await (const { parentExecution } of listedRuns(client, query)) {
    if (isAnother(parentExecution?.workflowId)) return true;
  }
  return false;
}

/**
 * Whether another request has taken the lock since it was this one's. While it is open none can have, and that is one
 * question. A closed run that is reset to after it took the lock, or whose lock was terminated, no longer has it.
 */
export async function wasTakenByAnother({ lockId, lockRunId }: Exclusion): Promise<boolean> {
  const held = await runningLock(lockId);
  if (held?.lockRunId === lockRunId) return false;
  if (held?.kind === 'held' && isAnother(held.holderId)) return true;
  const ours = await describeRun(lockId, lockRunId);
  // A lock that the server has forgotten was taken before all that it still knows.
  return wasHeldByAnother(lockId, ours?.startTime ?? new Date(0));
}

const isAnother = (workflowId: string | null | undefined): boolean =>
  workflowId !== Context.current().info.workflowExecution?.workflowId;
