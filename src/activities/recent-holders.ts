import { Context } from '@temporalio/activity';
import type { WorkflowExecutionInfo } from '@temporalio/client';
import type { Exclusion, VerifiedRevert, Waited } from '../contract/activities';
import type { StartOutcome } from '../contract/evidence';
import type { OperationSettings } from '../contract/settings';
import { doneActivities, type DoneActivity } from './done-activities';
import { describeRun, locksOf } from './lock';

/** The newest closed locks of one id; an older one was closed before these. */
const LOCKS_LOOKED_AT = 3;

/** Whoever had our lock within start-to-close and quarantine: their effects may not be visible yet, their calls not over. */
export interface RecentHolders {
  /** Set when one was terminated: its last call may still be on its way (E8), so wait so long. */
  readonly settleMs?: number;
  /** Ids of tasks, machines and snapshots that they recorded: never this request's (E4). */
  readonly ofOthers: readonly string[];
}

/**
 * Locks end with their holders, so the closed locks of that id tell who they were. They are found by visibility, which may
 * lag by a second: a named rest risk, and each of the two requests would still have one effect. Where nobody had the lock
 * lately, that is one question and no history is read.
 */
export async function recentHolders(
  { lockId, lockRunId }: Exclusion,
  { startToCloseMs, quarantineMs }: OperationSettings,
): Promise<RecentHolders> {
  const windowMs = startToCloseMs + quarantineMs;
  const { client, info } = Context.current();
  // The server's clock, as close times are; it is a little late, so the wait is never too short.
  const nowMs = info.currentAttemptScheduledTimestampMs;
  const since = new Date(nowMs - windowMs).toISOString();
  const query = `${locksOf(lockId)} AND CloseTime > '${since}'`;
  const closed = client.workflow.list({ query, pageSize: LOCKS_LOOKED_AT });
  const ofOthers: string[] = [];
  let looked = 0;
  for await (const lock of closed) {
    if (lock.runId === lockRunId) continue;
    if (await wasHolderTerminated(lock.parentExecution)) {
      const settleMs = Math.max(1_000, (lock.closeTime?.getTime() ?? nowMs) + windowMs - nowMs);
      return { settleMs, ofOthers };
    }
    ofOthers.push(...(await recordedBy(lock.parentExecution)));
    if (++looked === LOCKS_LOOKED_AT) break;
  }
  return { ofOthers };
}

type Holder = WorkflowExecutionInfo['parentExecution'];

async function wasHolderTerminated(holder: Holder): Promise<boolean> {
  const description = await describeRun(holder?.workflowId ?? '', holder?.runId ?? undefined);
  return (
    description?.status.name === 'TERMINATED' &&
    (description.raw.workflowExtendedInfo?.resetRunId ?? '') === ''
  );
}

/** An earlier run of this very request is no other: what it recorded is ours, and recalled. */
async function recordedBy(holder: Holder): Promise<readonly string[]> {
  const { client, info } = Context.current();
  const workflowId = holder?.workflowId ?? '';
  if (workflowId === '' || workflowId === info.workflowExecution?.workflowId) return [];
  const history = await client.workflow.getHandle(workflowId, holder?.runId ?? undefined).fetchHistory();
  return doneActivities(history).flatMap((each) => idsIn(each));
}

/** A task that it waited for is older than our lock, whosever it was. */
function idsIn({ type, result }: DoneActivity): readonly string[] {
  if (result === undefined) return [];
  switch (type) {
    case 'startLinkedClone':
    case 'startRevert': {
      const outcome = result as StartOutcome;
      return outcome.kind === 'started' ? [outcome.taskId] : [];
    }
    case 'awaitTask': {
      const end = result as Waited;
      if (!('taskId' in end)) return [];
      return end.kind === 'succeeded' && end.resultId !== undefined
        ? [end.taskId, end.resultId]
        : [end.taskId];
    }
    case 'verifyRevert': {
      const { undoSnapshotId } = result as VerifiedRevert;
      return undoSnapshotId === undefined ? [] : [undoSnapshotId];
    }
    default:
      return [];
  }
}
