import { WorkflowFailedError } from '@temporalio/client';
import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  RetryState,
  TerminatedFailure,
  TimeoutFailure,
  TimeoutType,
} from '@temporalio/common';
import { failureOfError } from '../../../src/client/describe';
import { FAILURES } from '../../../src/contract/failures';

const failed = (cause: Error) => new WorkflowFailedError('failed', cause, RetryState.NON_RETRYABLE_FAILURE);
const application = (type: string, details: unknown[] = []) =>
  ApplicationFailure.create({ type, message: 'One sentence.', nonRetryable: true, details });

test.each(Object.keys(FAILURES))('the type %s is taken from the wire with message and details', (type) => {
  expect(failureOfError(failed(application(type, [{ vm: 'vm-1' }])))).toEqual({
    type,
    message: 'One sentence.',
    details: { vm: 'vm-1' },
  });
});

test('a failure inside an activity failure is found', () => {
  const inner = application('PrivilegeMissing');
  const activity = new ActivityFailure(
    'Activity task failed',
    'prepareLinkedClone',
    '1',
    RetryState.NON_RETRYABLE_FAILURE,
    'worker',
    inner,
  );
  expect(failureOfError(failed(activity))).toEqual({ type: 'PrivilegeMissing', message: 'One sentence.' });
});

test('a cancelled workflow counts as Cancelled, a terminated or timed-out one names what may be left', () => {
  expect(failureOfError(failed(new CancelledFailure('Workflow canceled'))).type).toBe('Cancelled');
  expect(failureOfError(failed(new TerminatedFailure('by ops')))).toEqual({
    type: 'Terminated',
    message:
      'Somebody terminated the workflow (by ops), so nothing was undone: look for what it left on vSphere.',
  });
  expect(failureOfError(failed(new TimeoutFailure('x', undefined, TimeoutType.START_TO_CLOSE))).type).toBe(
    'TimedOut',
  );
});

test('an error that is none of the contract is Unexpected with its own words', () => {
  expect(failureOfError(failed(application('TypeError')))).toEqual({
    type: 'Unexpected',
    message: 'The workflow ended with an error outside the contract: One sentence.',
  });
});

test('causes that lead in a circle end', () => {
  const error = new Error('loop');
  error.cause = error;
  expect(failureOfError(error).type).toBe('Unexpected');
});
