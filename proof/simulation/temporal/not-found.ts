import { WorkflowNotFoundError } from '@temporalio/common';

/** Calls of the SDK's client that are made of a run. */
export type RunCall = 'describe' | 'fetchHistory' | 'terminate' | 'cancel' | 'result' | 'executeUpdate';

/**
 * What the SDK's client throws where the server knows no such run, for every fake of it; a test holds it to the real one.
 * `fetchHistory` passes on the error of the service, which no class of the SDK names.
 */
export function notFound(call: RunCall, workflowId: string, runId: string | undefined): Error {
  const details = `workflow not found for ID: ${workflowId}`;
  return call === 'fetchHistory'
    ? Object.assign(new Error(`5 NOT_FOUND: ${details}`), { code: 5, details, metadata: {} })
    : new WorkflowNotFoundError(details, workflowId, runId);
}
