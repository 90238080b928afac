import { WorkflowFailedError, type WorkflowExecutionStatusName } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import { failureOfError } from './failure-of-error';
import type { OperationFailure } from './operation-failure';
import { abortable } from './temporal-call';
import type { TemporalLink } from './temporal-link';

/** How a closed run ended. */
export type RunOutcome =
  | { readonly kind: 'returned'; readonly value: unknown }
  | { readonly kind: 'threw'; readonly failure: OperationFailure };

export const isClosed = (status: WorkflowExecutionStatusName): boolean =>
  !['RUNNING', 'PAUSED', 'CONTINUED_AS_NEW', 'UNSPECIFIED', 'UNKNOWN'].includes(status);

/**
 * What a run returned or threw; waits for its end if it is still running.
 * @returns undefined when the server knows no such run any more
 */
export const runOutcome = async (
  link: TemporalLink,
  workflowId: string,
  runId: string,
  signal?: AbortSignal,
): Promise<RunOutcome | undefined> => {
  try {
    const value: unknown = await abortable(
      link,
      () => link.client.workflow.result(workflowId, runId),
      signal,
    );
    return { kind: 'returned', value };
  } catch (error) {
    if (error instanceof WorkflowFailedError) return { kind: 'threw', failure: failureOfError(error) };
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
};
