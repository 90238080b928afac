import type { WorkflowExecutionStatusName } from '@temporalio/client';
import type { Condition } from '../contract/progress';
import type { OperationState } from '../contract/listed-states';

/** The state of an operation by the status of its run. A terminated run counts as failed: nothing was undone. */
export const runState = (
  status: WorkflowExecutionStatusName,
  condition: Condition | undefined,
): OperationState => {
  switch (status) {
    case 'COMPLETED':
      return 'succeeded';
    case 'CANCELLED':
      return 'cancelled';
    case 'FAILED':
    case 'TERMINATED':
    case 'TIMED_OUT':
      return 'failed';
    case 'RUNNING':
    case 'PAUSED':
    case 'CONTINUED_AS_NEW':
    case 'UNSPECIFIED':
    case 'UNKNOWN':
      return condition === 'needs-decision' ? 'needs-decision' : 'running';
  }
};
