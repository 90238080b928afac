import {
  AgainRefused,
  DeletionRefused,
  FAILURES,
  OperationFailed,
  OperationNotFound,
  RequestConflict,
  RequestInvalid,
  ResolutionRefused,
  SettingInvalid,
  TemporalUnavailable,
  type FailureType,
} from '../../../src/client';
import { exitCodeOfStatus, Interrupted, UsageError, WaitTimedOut } from '../../../src/cli/errors';
import { exitCodeOfError } from '../../../src/cli/explain-error';

/** As the README lists them; a change of the table in the code must be a decision here too. */
const EXPECTED: Readonly<Record<FailureType, number>> = {
  TaskFailed: 1,
  PowerOnFailed: 1,
  RequestInvalid: 2,
  WorkflowInvalid: 2,
  UnknownConnection: 3,
  ObjectNotFound: 3,
  NameAmbiguous: 3,
  PlacementInvalid: 3,
  SnapshotUnsuitable: 3,
  NameTaken: 3,
  PrivilegeMissing: 3,
  NotAllowed: 3,
  Rejected: 3,
  Unauthenticated: 4,
  Unreachable: 4,
  ReplyMalformed: 4,
  Busy: 5,
  RequestConflict: 5,
  OutcomeUnknown: 6,
  NeedsDecision: 6,
  Cancelled: 8,
  DeadlineExceeded: 8,
  CompensationIncomplete: 9,
};

const types = Object.keys(FAILURES) as FailureType[];

test.each(types)('an operation that failed with %s exits with its documented code', (type) => {
  const failure = { type, message: 'x' };
  expect(exitCodeOfStatus({ state: 'failed', failure })).toBe(EXPECTED[type]);
  expect(exitCodeOfError(new OperationFailed(failure))).toBe(EXPECTED[type]);
});

test.each(['Terminated', 'TimedOut', 'Unexpected'] as const)(
  'an end outside the contract (%s) exits 1',
  (type) => {
    expect(exitCodeOfStatus({ state: 'failed', failure: { type, message: 'x' } })).toBe(1);
  },
);

test.each([
  ['running', 0],
  ['succeeded', 0],
  ['failed', 1],
  ['needs-decision', 6],
  ['cancelled', 8],
] as const)('the state %s exits with %d', (state, code) => {
  expect(exitCodeOfStatus({ state })).toBe(code);
});

test('a cancelled operation that could not be undone exits 9, not 8', () => {
  const failure = { type: 'CompensationIncomplete', message: 'x' } as const;
  expect(exitCodeOfStatus({ state: 'cancelled', failure })).toBe(9);
});

test.each([
  [new RequestInvalid([]), 2],
  [new SettingInvalid('x'), 2],
  [new RequestConflict('x', 'a', 'w', 'r'), 5],
  [new AgainRefused('x'), 5],
  [new ResolutionRefused('x'), 5],
  [new DeletionRefused('x'), 3],
  [new UsageError('x'), 2],
  [new TemporalUnavailable('x', 'unreachable'), 4],
  [new OperationNotFound('a', 'w'), 3],
  [new WaitTimedOut('x'), 7],
  [new Interrupted(), 130],
  [new Error('a bug'), 1],
  ['not even an error', 1],
])('the error %s exits with %d', (error, code) => {
  expect(exitCodeOfError(error)).toBe(code);
});
