import { ApplicationFailure } from '@temporalio/common';
import { backoffMs } from '../contract/backoff';
import type { CallFailureType, FailureDetails } from '../contract/failure-details';
import type { Failure, FailureType } from '../contract/failures';
import { HistoryUnreadable } from '../contract/history-payload';
import { omitUndefined } from '../contract/omit-undefined';
import { VsphereError, type VsphereErrorKind } from '../vsphere';

/** When in an operation a call is made: that decides what its failure means. */
export type CallPhase = 'before-start' | 'start' | 'after-effect';

/**
 * - `final`: the operation ends (in a run that was ever unknown only after another look)
 * - `retry`: asked again. Final when the attempts of the phase are used up
 * - `refused`: certainly no effect. The loop asks again later, for as long as it takes
 * - `unknown`: it may have had its effect: quarantine, look, decide
 * - `blocked`: asked again for as long as it takes, and shown. Never final
 * - `look`: the object is gone: what is there decides
 */
type RetryClass = 'final' | 'retry' | 'refused' | 'unknown' | 'blocked' | 'look';

interface ErrorClass extends Readonly<Record<CallPhase, RetryClass>> {
  /** The failure that it ends with where it is final. */
  readonly failure: CallFailureType;
}

/**
 * The one table of retry classes. It feeds the start, the retries, the exit codes (through the failure) and
 * docs/failures.md. A failure of `start` that certainly had no effect and is not final here is `refused` there.
 */
export const ERROR_CLASSES: Readonly<Record<VsphereErrorKind, ErrorClass>> = {
  'invalid-argument': row('final', 'final', 'blocked', 'Rejected'),
  'already-exists': row('final', 'unknown', 'blocked', 'NameTaken'),
  'not-allowed': row('final', 'refused', 'blocked', 'Rejected'),
  unauthenticated: row('final', 'final', 'blocked', 'Unauthenticated'),
  'login-refused': row('final', 'final', 'blocked', 'Unauthenticated'),
  'clock-skew': row('retry', 'refused', 'blocked', 'Unauthenticated'),
  forbidden: row('final', 'final', 'blocked', 'PrivilegeMissing'),
  'not-found': row('final', 'final', 'look', 'ObjectNotFound'),
  busy: row('retry', 'refused', 'blocked', 'Unreachable'),
  unavailable: row('retry', 'unknown', 'blocked', 'Unreachable'),
  'too-many': row('final', 'refused', 'blocked', 'Rejected'),
  'no-such-call': row('final', 'final', 'blocked', 'Rejected'),
  unreachable: row('retry', 'refused', 'blocked', 'Unreachable'),
  tls: row('retry', 'refused', 'blocked', 'Unreachable'),
  interrupted: row('retry', 'unknown', 'blocked', 'Unreachable'),
  'server-error': row('retry', 'unknown', 'blocked', 'Unreachable'),
  malformed: row('retry', 'unknown', 'blocked', 'ReplyMalformed'),
  'refused-by-guard': row('retry', 'refused', 'blocked', 'Unreachable'),
};

function row(
  beforeStart: RetryClass,
  start: RetryClass,
  afterEffect: RetryClass,
  failure: CallFailureType,
): ErrorClass {
  return { 'before-start': beforeStart, start, 'after-effect': afterEffect, failure };
}

/**
 * Attempts of a read before the start: 65 s of pauses at least and 131 s at most, so that an outage of a minute fails
 * nothing. Counted, not timed: our own outage uses none up.
 */
const ATTEMPTS_BEFORE_START = 11;
const FIRST_RETRY_MS = 1_000;
/** What met an outage is to go on soon after it. */
const LONGEST_RETRY_MS = 20_000;

/** The only place where an error becomes a Temporal failure. A history that cannot be read is blocked in every phase. */
export function toFailure(error: unknown, phase: CallPhase, attempt: number): unknown {
  if (error instanceof HistoryUnreadable) return historyFailure(error, attempt);
  if (!(error instanceof VsphereError)) return error;
  const { [phase]: retryClass } = ERROR_CLASSES[error.kind];
  const { type, message, details } = failureOf(error);
  const final = retryClass === 'final' || (retryClass === 'retry' && attempt >= ATTEMPTS_BEFORE_START);
  return ApplicationFailure.create({
    type,
    message,
    details: [details],
    nonRetryable: final,
    // What a server asks for with Retry-After is honoured. It has its bound where it is read.
    nextRetryDelay: Math.max(retryDelayMs(attempt), error.retryAfterMs ?? 0),
  });
}

/** Without its cause: what a codec or a parser says can repeat what was encrypted. */
const historyFailure = ({ name, message }: HistoryUnreadable, attempt: number): ApplicationFailure =>
  ApplicationFailure.create({ type: name, message, nextRetryDelay: retryDelayMs(attempt) });

/** What a vSphere error is called once it is final. Its message names operation, host and the server's words. */
export const failureOf = (error: VsphereError): Failure => ({
  type: ERROR_CLASSES[error.kind].failure,
  message: error.message,
  details: {
    operation: error.operation,
    host: error.host,
    kind: error.kind,
    ...omitUndefined({ status: error.status, errorType: error.errorType }),
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

const retryDelayMs = (attempt: number): number =>
  backoffMs(attempt - 1, { firstMs: FIRST_RETRY_MS, longestMs: LONGEST_RETRY_MS });
