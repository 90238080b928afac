import type { InspectInput, InspectResult } from '../contract/inspect';
import type { RequestOptions } from '../contract/operations';
import { inTurn } from './activity-calls';
import { toApplicationFailure, DEEPEST, isTooDeep } from './refusals';

/** A caller waits for the answer: a question is bounded, where an operation is patient. */
const ANSWER_MS = 60_000;

/** Of a query whose connection a worker knows. Of any other it is not used. */
function connectionOf(query: InspectInput['query']): string | undefined {
  if ('connection' in query) return query.connection;
  return 'request' in query ? (query.request as Partial<RequestOptions> | undefined)?.connection : undefined;
}

/** Wire name `inspect`: a read-only question for callers that have no vSphere settings. */
export async function inspect(input: InspectInput): Promise<InspectResult> {
  const kind: unknown = (input as Partial<InspectInput> | undefined)?.query?.kind;
  if (typeof kind !== 'string') {
    throw toApplicationFailure({
      type: 'RequestInvalid',
      message: 'The input of inspect must be an object with query.kind.',
    });
  }
  if (isTooDeep(input))
    throw toApplicationFailure({
      type: 'RequestInvalid',
      message: `The input of inspect is nested deeper than ${DEEPEST} levels.`,
    });
  const options = {
    summary: `inspect: ${kind}`,
    startToCloseTimeout: ANSWER_MS,
    heartbeatTimeout: 10_000,
    retry: { maximumAttempts: 3 },
  };
  return inTurn(connectionOf(input.query), options, (a) => a.inspect(input));
}
