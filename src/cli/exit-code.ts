import {
  AgainRefused,
  DeletionRefused,
  FAILURES,
  isFailureType,
  OperationFailed,
  OperationNotFound,
  RequestConflict,
  RequestInvalid,
  ResolutionRefused,
  SettingInvalid,
  TemporalUnavailable,
  type OperationFailure,
  type OperationStatus,
} from '../client';
import { Interrupted } from './interrupted';
import { UsageError } from './usage-error';
import { WaitTimedOut } from './wait-timed-out';

/** Exit codes, as the README lists them. Those of failures come from the contract's table. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  nothingChanged: 3,
  unavailable: 4,
  conflict: 5,
  needsDecision: 6,
  stillRunning: 7,
  cancelled: 8,
  interrupted: 130,
} as const;

/** The exit code that says how an operation stands; one that is just running is no failure. */
export const exitCodeOfStatus = ({ state, failure }: Pick<OperationStatus, 'state' | 'failure'>): number => {
  switch (state) {
    case 'running':
    case 'succeeded':
      return EXIT.ok;
    case 'needs-decision':
      return EXIT.needsDecision;
    case 'cancelled':
      return failure === undefined ? EXIT.cancelled : exitCodeOfFailure(failure);
    case 'failed':
      return failure === undefined ? EXIT.failed : exitCodeOfFailure(failure);
  }
};

/** From the contract's table; an end outside the contract is a plain failure. */
export const exitCodeOfFailure = ({ type }: OperationFailure): number =>
  isFailureType(type) ? FAILURES[type].exitCode : EXIT.failed;

/** The exit code of what a command threw. */
export const exitCodeOfError = (error: unknown): number => {
  if (error instanceof OperationFailed) return exitCodeOfFailure(error.failure);
  return EXIT_OF_ERROR.find(([errorClass]) => error instanceof errorClass)?.[1] ?? EXIT.failed;
};

type ErrorClass = abstract new (...args: never[]) => Error;

const EXIT_OF_ERROR: readonly (readonly [ErrorClass, number])[] = [
  [RequestInvalid, EXIT.usage],
  [SettingInvalid, EXIT.usage],
  [UsageError, EXIT.usage],
  [DeletionRefused, EXIT.nothingChanged],
  [TemporalUnavailable, EXIT.unavailable],
  [RequestConflict, EXIT.conflict],
  [AgainRefused, EXIT.conflict],
  [ResolutionRefused, EXIT.conflict],
  [OperationNotFound, EXIT.failed],
  [WaitTimedOut, EXIT.stillRunning],
  [Interrupted, EXIT.interrupted],
];
