import type { OperationInput, RequestOptions } from '../contract/request';
import { acceptInput } from './accept-input';
import { Operator } from './ask-operator';
import type { RunContext } from './run-context';
import { RunMetrics } from './run-metrics';
import { RunTrace } from './run-trace';
import { Status } from './status';
import { stoppable } from './stop';

/** The frame of both operations: refuses a start outside the contract, then runs the body until its end or a stop. */
export function runOperation<R extends RequestOptions, T>(
  input: OperationInput<R>,
  texts: readonly (keyof R & string)[],
  body: (context: RunContext) => Promise<T>,
): Promise<T> {
  const metrics = new RunMetrics();
  const status = new Status(metrics);
  const operator = new Operator();
  const trace = new RunTrace();
  return metrics.until(async () => {
    acceptInput(input, texts);
    return stoppable(input.request.deadlineMs, (stop) => {
      stop.raised.catch(() => status.stopRequested());
      return body({ status, stop, operator, trace });
    });
  });
}
