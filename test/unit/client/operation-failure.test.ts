import type { OperationFailure } from '../../../src/client';

/** Compiles only while the cases are all there are: a new type of failure is an error here, as it is for users. */
function shortly(failure: OperationFailure): string {
  switch (failure.type) {
    case 'TaskFailed':
      return failure.details?.taskId ?? '';
    case 'NameTaken':
      return failure.details?.vmId ?? '';
    case 'NeedsDecision':
    case 'OutcomeUnknown':
      return failure.details?.candidates?.join(' ') ?? '';
    case 'PowerOnFailed':
    case 'CompensationIncomplete':
      return failure.details?.vmId ?? '';
    case 'RequestInvalid':
      return failure.details?.problems?.map(({ field }) => field).join(' ') ?? '';
    case 'WorkflowInvalid':
    case 'UnknownConnection':
    case 'ObjectNotFound':
    case 'NameAmbiguous':
    case 'PlacementInvalid':
    case 'SnapshotUnsuitable':
    case 'PrivilegeMissing':
    case 'NotAllowed':
    case 'Rejected':
    case 'Unauthenticated':
    case 'Unreachable':
    case 'ReplyMalformed':
    case 'Busy':
    case 'RequestConflict':
    case 'Cancelled':
    case 'DeadlineExceeded':
    case 'Terminated':
    case 'TimedOut':
    case 'Unexpected':
      return failure.message;
    default:
      return failure satisfies never;
  }
}

test('a switch over the type of a failure narrows its details, and can have a case for each', () => {
  expect(shortly({ type: 'TaskFailed', message: 'm', details: { taskId: 't' } })).toBe('t');
  expect(shortly({ type: 'NeedsDecision', message: 'm', details: { candidates: ['a', 'b'] } })).toBe('a b');
  expect(shortly({ type: 'Busy', message: 'm' })).toBe('m');
});

test('the details of one type are not those of another', () => {
  // @ts-expect-error a busy lock has no task
  const wrong: OperationFailure = { type: 'Busy', message: 'm', details: { taskId: 't' } };
  expect(wrong.type).toBe('Busy');
});
