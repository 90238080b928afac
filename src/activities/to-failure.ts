import { ApplicationFailure } from '@temporalio/common';
import type { Failure, FailureType } from '../contract/failure';
import type { FailureDetails } from '../contract/failure-details';
import { VsphereError } from '../vsphere';
import { ERROR_CLASSES, type CallPhase } from './error-classes';

/**
 * Attempts of a read before the start: 65 s of pauses at least and 131 s at most, so that an outage of a minute fails
 * nothing. Counted, not timed: our own outage uses none up.
 */
const ATTEMPTS_BEFORE_START = 11;
const FIRST_RETRY_MS = 1_000;
/** What met an outage is to go on soon after it. */
const LONGEST_RETRY_MS = 20_000;

/** The only place where a vSphere error becomes a Temporal failure. */
export function toFailure(error: unknown, phase: CallPhase, attempt: number): unknown {
  if (!(error instanceof VsphereError)) return error;
  const { [phase]: retryClass } = ERROR_CLASSES[error.kind];
  const { type, message, details } = failureOf(error);
  const final = retryClass === 'final' || (retryClass === 'retry' && attempt >= ATTEMPTS_BEFORE_START);
  return ApplicationFailure.create({
    type,
    message,
    details: [details],
    nonRetryable: final,
    nextRetryDelay: retryDelayMs(attempt),
  });
}

/** What a vSphere error is called once it is final. Its message names operation, host and the server's words. */
export const failureOf = (error: VsphereError): Failure => ({
  type: ERROR_CLASSES[error.kind].failure,
  message: error.message,
  details: {
    operation: error.operation,
    host: error.host,
    kind: error.kind,
    ...(error.status === undefined ? {} : { status: error.status }),
    ...(error.errorType === undefined ? {} : { errorType: error.errorType }),
  },
});

/** Ends the operation with a failure of the closed list. */
export function failWith<Type extends FailureType>(
  type: Type,
  message: string,
  details?: FailureDetails[Type],
): never {
  throw ApplicationFailure.nonRetryable(message, type, ...(details === undefined ? [] : [details]));
}

/** Grows to its longest, shortened by up to half: many runs that met one outage must not return in step. */
const retryDelayMs = (attempt: number): number =>
  Math.round(Math.min(FIRST_RETRY_MS * 2 ** (attempt - 1), LONGEST_RETRY_MS) * (0.5 + Math.random() / 2));
