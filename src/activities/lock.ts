import { Context } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { WorkflowExecutionDescription } from '@temporalio/client';
import { MEMO } from '../contract/names';
import { isClosed } from './is-closed';

/** A workflow as the server describes it now (not visibility, which lags); undefined when it knows none of that id. */
export async function describeRun(
  workflowId: string,
  runId?: string,
): Promise<WorkflowExecutionDescription | undefined> {
  try {
    return await Context.current().client.workflow.getHandle(workflowId, runId).describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

/** The open lock of that id, and for which request it was taken; undefined when nobody holds it. */
export async function runningLock(lockId: string): Promise<HeldLock | undefined> {
  const lock = await describeRun(lockId);
  if (lock === undefined || isClosed(lock)) return undefined;
  const holder = lock.memo?.[MEMO.holder];
  return {
    lockRunId: lock.runId,
    holderId: lock.parentExecution?.workflowId ?? '',
    originalRunId: typeof holder === 'string' ? holder : '',
  };
}

export interface HeldLock {
  readonly lockRunId: string;
  /** Workflow id of the request. */
  readonly holderId: string;
  /** Its `originalExecutionRunId`: the same for a run and those that resets made of it. */
  readonly originalRunId: string;
}
