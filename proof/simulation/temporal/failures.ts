import {
  ApplicationFailure,
  defaultFailureConverter,
  defaultPayloadConverter,
  ensureApplicationFailure,
} from '@temporalio/common';
import type { Failed, PendingActivity } from './execution';

/** How an attempt failed, as it travels to the server. */
export interface AttemptFailure {
  /** A `temporal.api.failure.v1.Failure`. */
  readonly proto: object;
  readonly isFinal: boolean;
  readonly nextRetryMs: number | undefined;
  readonly isTimeout: boolean;
}

const START_TO_CLOSE = 1;
const SCHEDULE_TO_START = 2;
const RETRY_STATES = { nonRetryable: 2, timeout: 3, maximumAttempts: 4, cancelled: 7 } as const;

export const TIMED_OUT: AttemptFailure = {
  proto: { message: 'activity timed out', timeoutFailureInfo: { timeoutType: START_TO_CLOSE } },
  isFinal: false,
  nextRetryMs: undefined,
  isTimeout: true,
};

/** The server does not try it again. */
export const NEVER_BEGAN: AttemptFailure = {
  proto: { message: 'activity timed out', timeoutFailureInfo: { timeoutType: SCHEDULE_TO_START } },
  isFinal: true,
  nextRetryMs: undefined,
  isTimeout: true,
};

export function failureOf(error: unknown): AttemptFailure {
  const failure = ensureApplicationFailure(error);
  const { nextRetryDelay } = failure;
  return {
    proto: defaultFailureConverter.errorToFailure(failure, defaultPayloadConverter),
    isFinal: failure.nonRetryable === true,
    nextRetryMs: typeof nextRetryDelay === 'number' ? nextRetryDelay : undefined,
    isTimeout: false,
  };
}

/** What the workflow is told: the failure of the last attempt, and why there was none after it. */
export function activityFailure(
  { seq, type, retry, attempt }: PendingActivity,
  failure: AttemptFailure | 'cancelled',
): object {
  const about = {
    activityId: String(seq),
    activityType: { name: type },
    identity: 'worker',
  };
  if (failure === 'cancelled') {
    const cause = { message: 'activity cancelled', canceledFailureInfo: {} };
    const activityFailureInfo = { ...about, retryState: RETRY_STATES.cancelled };
    return { message: 'activity task cancelled', cause, activityFailureInfo };
  }
  const isUsedUp = retry.maximumAttempts > 0 && attempt >= retry.maximumAttempts;
  const retryState = failure.isFinal
    ? RETRY_STATES.nonRetryable
    : isUsedUp
      ? RETRY_STATES.maximumAttempts
      : RETRY_STATES.timeout;
  return {
    message: 'activity task failed',
    cause: failure.proto,
    activityFailureInfo: { ...about, retryState },
  };
}

/** What a run failed with. */
export function failedOf(proto: object | undefined): Failed {
  const error = defaultFailureConverter.failureToError(proto ?? {}, defaultPayloadConverter);
  const told =
    error instanceof ApplicationFailure
      ? error
      : error.cause instanceof ApplicationFailure
        ? error.cause
        : undefined;
  return {
    type: told?.type ?? error.name,
    message: told?.message ?? error.message,
    details: told?.details?.[0],
  };
}
