import {
  CancellationScope,
  isCancellation,
  log,
  sleep,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import { omitUndefined } from '../contract/omit-undefined';
import {
  MEMO,
  type Operation,
  type OperationInput,
  type RequestOf,
  type RequestOptions,
  type ResultOf,
} from '../contract/operations';
import { singleLine } from '../contract/text';
import { Operator } from './ask-operator';
import { Growth } from './growth';
import { toApplicationFailure, acceptInput } from './refusals';
import { ResetDetector } from './reset';
import { RunMetrics, Status } from './status';
import { failureShown, successShown } from './status-texts';

/** Whether the operation is to stop: a cancel or, acting as one, its deadline. */
export interface Stop {
  readonly requested: () => boolean;
  /** Rejects when the stop is requested. For waits that a stop may cut short. */
  readonly raised: Promise<never>;
  /** Throws what the run ends with. `left` says what is left of the request. */
  readonly end: (left: string) => never;
}

/**
 * Runs the operation in a scope that a cancel or the deadline cancels. What must not be interrupted shields itself and
 * asks `stop.requested()` where it can be honoured. No Temporal time-out is used: it would skip the compensation (E14).
 */
async function stoppable<T>(deadlineMs: number | undefined, body: (stop: Stop) => Promise<T>): Promise<T> {
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

/** The frame of an operation: refuses a start outside the contract, then runs the body until its end or a stop. */
export async function runOperation<O extends Operation>(
  operation: O,
  input: OperationInput<RequestOf<O>>,
  texts: readonly (keyof RequestOf<O> & string)[],
  body: (context: RunContext) => Promise<ResultOf<O>>,
): Promise<ResultOf<O>> {
  const metrics = new RunMetrics(operation);
  return metrics.until(async () => {
    acceptInput(input, texts);
    log.info('operation began', { operation, ...omitUndefined({ requester: requester() }) });
    const status = statusOf(input, metrics);
    const operator = new Operator();
    const growth = new Growth();
    const trace = new ResetDetector();
    try {
      const result = await stoppable(input.request.deadlineMs, (stop) => {
        stop.raised.catch(() => status.stopRequested());
        return body({ status, stop, operator, growth, trace });
      });
      status.ended(successShown());
      return result;
    } catch (error) {
      status.ended(failureShown(error));
      throw error;
    }
  });
}

/** Callers in other languages write the memo themselves. */
function requester(): string | undefined {
  const said: unknown = workflowInfo().memo?.[MEMO.requester];
  return typeof said === 'string' ? singleLine(said) : undefined;
}

const statusOf = (
  { requestId, request: { connection } }: OperationInput<RequestOptions>,
  metrics: RunMetrics,
): Status => new Status({ requestId, ...omitUndefined({ connection }) }, metrics);

/** What every phase of one run shares. */
export interface RunContext {
  readonly status: Status;
  readonly stop: Stop;
  readonly operator: Operator;
  readonly growth: Growth;
  readonly trace: ResetDetector;
}
