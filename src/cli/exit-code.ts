import {
  AgainRefused,
  FAILURES,
  isFailureType,
  OperationFailed,
  OperationNotFound,
  RequestConflict,
  RequestInvalid,
  SettingInvalid,
  TemporalUnavailable,
  type OperationFailure,
  type OperationStatus,
} from '../client';
import { Interrupted } from './interrupted';
import { WaitTimedOut } from './wait-timed-out';

/** Exit codes, as the README lists them. Those of failures come from the contract's table. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
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
  if (error instanceof RequestInvalid || error instanceof SettingInvalid) return EXIT.usage;
  if (error instanceof RequestConflict || error instanceof AgainRefused) return EXIT.conflict;
  if (error instanceof TemporalUnavailable) return EXIT.unavailable;
  if (error instanceof OperationNotFound) return EXIT.failed;
  if (error instanceof WaitTimedOut) return EXIT.stillRunning;
  return error instanceof Interrupted ? EXIT.interrupted : EXIT.failed;
};
