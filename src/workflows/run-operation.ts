import type { OperationInput, RequestOptions } from '../contract/request';
import { acceptInput } from './accept-input';
import { Operator } from './ask-operator';
import { failureShown, successShown } from './end-shown';
import type { RunContext } from './run-context';
import { RunMetrics } from './run-metrics';
import { RunTrace } from './run-trace';
import { Status } from './status';
import { stoppable } from './stop';

/** The frame of both operations: refuses a start outside the contract, then runs the body until its end or a stop. */
export async function runOperation<R extends RequestOptions, T>(
  input: OperationInput<R>,
  texts: readonly (keyof R & string)[],
  body: (context: RunContext) => Promise<T>,
): Promise<T> {
  const metrics = new RunMetrics();
  return metrics.until(async () => {
    acceptInput(input, texts);
    const status = statusOf(input, metrics);
    const operator = new Operator();
    const trace = new RunTrace();
    try {
      const result = await stoppable(input.request.deadlineMs, (stop) => {
        stop.raised.catch(() => status.stopRequested());
        return body({ status, stop, operator, trace });
      });
      status.ended(successShown());
      return result;
    } catch (error) {
      status.ended(failureShown(error));
      throw error;
    }
  });
}

const statusOf = (
  { requestId, request: { connection } }: OperationInput<RequestOptions>,
  metrics: RunMetrics,
): Status => new Status({ requestId, ...(connection === undefined ? {} : { connection }) }, metrics);
