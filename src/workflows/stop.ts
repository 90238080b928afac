import { CancellationScope, isCancellation, sleep, upsertMemo } from '@temporalio/workflow';
import { MEMO } from '../contract/names';
import { toApplicationFailure } from './fail';

/** Whether the operation is to stop: a cancel or, acting as one, its deadline. */
export interface Stop {
  readonly requested: () => boolean;
  /** Rejects when the stop is requested; for waits that a stop may cut short. */
  readonly raised: Promise<never>;
  /** Throws what the run ends with; `left` says what is left of the request. */
  readonly end: (left: string) => never;
}

/**
 * Runs the operation in a scope that a cancel or the deadline cancels. What must not be interrupted shields itself and
 * asks `stop.requested()` where it can be honoured. No Temporal time-out is used: it would skip the compensation (E14).
 */
export async function stoppable<T>(
  deadlineMs: number | undefined,
  body: (stop: Stop) => Promise<T>,
): Promise<T> {
  const scope = new CancellationScope();
  const timer = new CancellationScope();
  let deadlinePassed = false;
  const raise = () => {
    // A deadline that passes after a cancel changes nothing: the run ends as cancelled.
    if (scope.consideredCancelled) return;
    deadlinePassed = true;
    scope.cancel();
  };
  const deadlineAtMs = deadlineMs === undefined ? Infinity : Date.now() + deadlineMs;
  if (deadlineMs !== undefined) {
    timer.run(() => sleep(deadlineMs, { summary: 'deadline of the request' })).then(raise, () => undefined);
  }
  // The server fires a timer up to a second late, in which a fast site would be asked for what is not wanted any more.
  const requested = () => {
    if (Date.now() >= deadlineAtMs) raise();
    return scope.consideredCancelled;
  };
  const end = (left: string, cause: unknown): never => {
    if (deadlinePassed) throw deadlineExceeded(deadlineMs, left);
    upsertMemo({ [MEMO.left]: left });
    throw cause;
  };
  try {
    return await scope.run(() => body(stopOf(scope, end, requested)));
  } catch (error) {
    if (deadlinePassed && isCancellation(error)) throw deadlineExceeded(deadlineMs, 'nothing was done');
    throw error;
  } finally {
    timer.cancel();
  }
}

function stopOf(
  scope: CancellationScope,
  end: (left: string, cause: unknown) => never,
  requested: () => boolean,
): Stop {
  let cause: unknown;
  scope.cancelRequested.catch((error: unknown) => void (cause = error));
  return {
    requested,
    raised: scope.cancelRequested,
    end: (left) => end(left, cause),
  };
}

const deadlineExceeded = (deadlineMs: number | undefined, left: string) =>
  toApplicationFailure({
    type: 'DeadlineExceeded',
    message: `The deadline of ${deadlineMs} ms passed: ${left}.`,
  });
