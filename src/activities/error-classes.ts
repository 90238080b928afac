import type { CallFailureType } from '../contract/failure-details';
import type { VsphereErrorKind } from '../vsphere';

/** When in an operation a call is made: that decides what its failure means. */
export type CallPhase = 'before-start' | 'start' | 'after-effect';

/**
 * - `final`: the operation ends (in a run that was ever unknown only after another look)
 * - `retry`: asked again; final when the attempts of the phase are used up
 * - `refused`: certainly no effect; the loop asks again later, for as long as it takes
 * - `unknown`: it may have had its effect: quarantine, look, decide
 * - `blocked`: asked again for as long as it takes, and shown; never final
 * - `look`: the object is gone: what is there decides
 */
export type RetryClass = 'final' | 'retry' | 'refused' | 'unknown' | 'blocked' | 'look';

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
  'already-exists': row('final', 'final', 'blocked', 'NameTaken'),
  'not-allowed': row('final', 'refused', 'blocked', 'Rejected'),
  unauthenticated: row('final', 'final', 'blocked', 'Unauthenticated'),
  'login-refused': row('final', 'final', 'blocked', 'Unauthenticated'),
  'clock-skew': row('retry', 'refused', 'blocked', 'Unauthenticated'),
  'unsupported-release': row('final', 'final', 'blocked', 'Rejected'),
  forbidden: row('final', 'final', 'blocked', 'PrivilegeMissing'),
  'not-found': row('final', 'final', 'look', 'ObjectNotFound'),
  busy: row('retry', 'refused', 'blocked', 'Unreachable'),
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
