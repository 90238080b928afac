import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';
import { toApplicationFailure } from './fail';

/** Whether the operation is to stop: a cancel or, acting as one, its deadline. */
export interface Stop {
  readonly requested: () => boolean;
  /** Rejects when the stop is requested; for waits that a stop may cut short. */
  readonly raised: Promise<never>;
  /** Throws what the run ends with when nothing (more) is left to undo. */
  readonly end: () => never;
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
  if (deadlineMs !== undefined) {
    const raise = () => {
      deadlinePassed = true;
      scope.cancel();
    };
    timer.run(() => sleep(deadlineMs)).then(raise, () => undefined);
  }
  try {
    return await scope.run(() => body(stopOf(scope)));
  } catch (error) {
    if (deadlinePassed && isCancellation(error)) throw deadlineExceeded(deadlineMs);
    throw error;
  } finally {
    timer.cancel();
  }
}

function stopOf(scope: CancellationScope): Stop {
  scope.cancelRequested.catch(() => undefined);
  let cause: unknown;
  scope.cancelRequested.catch((error: unknown) => void (cause = error));
  return {
    requested: () => scope.consideredCancelled,
    raised: scope.cancelRequested,
    end: () => {
      throw cause;
    },
  };
}

const deadlineExceeded = (deadlineMs: number | undefined) =>
  toApplicationFailure({
    type: 'DeadlineExceeded',
    message: `The deadline of ${deadlineMs} ms passed; nothing of the request is left.`,
  });
