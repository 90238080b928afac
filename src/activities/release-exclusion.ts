import { Context } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { Exclusion } from '../contract/activities';

/** Ends a lock by its run id; already ended is fine. Another lock of the same id is never touched. */
export async function terminateLock(lockId: string, lockRunId: string, why: string): Promise<void> {
  try {
    await Context.current().client.workflow.getHandle(lockId, lockRunId).terminate(why);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}

export const releaseExclusion = ({ lockId, lockRunId }: Exclusion): Promise<void> =>
  terminateLock(lockId, lockRunId, 'released by its holder');
