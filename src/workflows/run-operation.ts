import type { OperationInput, RequestOptions } from '../contract/request';
import { acceptInput } from './accept-input';
import { Operator } from './ask-operator';
import { failureShown, successShown } from './end-shown';
import type { RunContext } from './run-context';
import { RunTrace } from './run-trace';
import { Status } from './status';
import { stoppable } from './stop';

/** The frame of both operations: refuses a start outside the contract, then runs the body until its end or a stop. */
export async function runOperation<R extends RequestOptions, T>(
  input: OperationInput<R>,
  texts: readonly (keyof R & string)[],
  body: (context: RunContext) => Promise<T>,
): Promise<T> {
  acceptInput(input, texts);
  const status = statusOf(input);
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
}

const statusOf = ({ requestId, request: { connection } }: OperationInput<RequestOptions>): Status =>
  new Status({ requestId, ...(connection === undefined ? {} : { connection }) });
