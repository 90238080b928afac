import { Context } from '@temporalio/activity';
import type { Exclusion } from '../contract/activities';
import { describeRun, runningLock } from './lock';
import { runsOf } from './runs-of';

/**
 * Whether another request took the lock at some time since. By visibility, which may lag by a second: a request needs longer
 * than that to have its effect and close.
 */
export async function wasHeldByAnother(lockId: string, since: Date): Promise<boolean> {
  const { client } = Context.current();
  const query = `${runsOf(lockId)} AND StartTime > '${since.toISOString()}'`;
  for await (const { parentExecution } of client.workflow.list({ query })) {
    if (isAnother(parentExecution?.workflowId)) return true;
  }
  return false;
}

/**
 * Whether another request has taken the lock since it was this one's. While it is open nobody can have, and that is one
 * question; a closed run that is reset to after it took the lock, or whose lock somebody terminated, has it no more.
 */
export async function wasTakenByAnother({ lockId, lockRunId }: Exclusion): Promise<boolean> {
  const held = await runningLock(lockId);
  if (held?.lockRunId === lockRunId) return false;
  if (held !== undefined && isAnother(held.holderId)) return true;
  const ours = await describeRun(lockId, lockRunId);
  // A lock that the server has forgotten was taken before all that it still knows.
  return wasHeldByAnother(lockId, ours?.startTime ?? new Date(0));
}

const isAnother = (workflowId: string | null | undefined): boolean =>
  workflowId !== Context.current().info.workflowExecution?.workflowId;
