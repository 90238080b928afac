import type { WorkflowExecutionStatusName } from '@temporalio/client';

/** A run that is paused, or of a status that nobody knows, may go on: only these do not. */
const CLOSED: readonly WorkflowExecutionStatusName[] = [
  'COMPLETED',
  'FAILED',
  'CANCELLED',
  'TERMINATED',
  'CONTINUED_AS_NEW',
  'TIMED_OUT',
];

export const isClosed = ({
  status,
}: {
  readonly status: { readonly name: WorkflowExecutionStatusName };
}): boolean => CLOSED.includes(status.name);
