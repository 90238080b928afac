import { Context } from '@temporalio/activity';
import type { WorkflowExecutionInfo } from '@temporalio/client';
import type { Exclusion } from '../contract/activities';
import type { OperationSettings } from '../contract/settings';
import { describeRun } from './lock';

/** The newest closed locks of one id; an older one was closed before these. */
const LOCKS_LOOKED_AT = 3;

/**
 * Milliseconds to wait when the previous holder of our lock was *terminated* a moment ago: its last call may still be on
 * its way (E8). Locks end with their holders, so the closed locks of that id tell who they were. They are found by
 * visibility, which may lag by a second: a named rest risk, and each of the two requests would still have one effect.
 */
export async function settleMsAfterTermination(
  { lockId, lockRunId }: Exclusion,
  { startToCloseMs, quarantineMs }: OperationSettings,
): Promise<number | undefined> {
  const windowMs = startToCloseMs + quarantineMs;
  const { client, info } = Context.current();
  // The server's clock, as close times are; it is a little late, so the wait is never too short.
  const nowMs = info.currentAttemptScheduledTimestampMs;
  const since = new Date(nowMs - windowMs).toISOString();
  const query = `WorkflowId = '${lockId.replaceAll(/['\\]/g, '\\$&')}' AND CloseTime > '${since}'`;
  const closed = client.workflow.list({ query, pageSize: LOCKS_LOOKED_AT });
  let looked = 0;
  for await (const lock of closed) {
    if (lock.runId === lockRunId) continue;
    if (await wasHolderTerminated(lock.parentExecution)) {
      return Math.max(1_000, (lock.closeTime?.getTime() ?? nowMs) + windowMs - nowMs);
    }
    if (++looked === LOCKS_LOOKED_AT) break;
  }
  return undefined;
}

async function wasHolderTerminated(holder: WorkflowExecutionInfo['parentExecution']): Promise<boolean> {
  const description = await describeRun(holder?.workflowId ?? '', holder?.runId ?? undefined);
  return (
    description?.status.name === 'TERMINATED' &&
    (description.raw.workflowExtendedInfo?.resetRunId ?? '') === ''
  );
}
