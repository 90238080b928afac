import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../contract/activities';
import type { InspectInput, InspectResult } from '../contract/inspect';
import { summaryText } from '../contract/text';
import { toApplicationFailure, DEEPEST, isTooDeep } from './refusals';

/** A caller waits for the answer: a question is bounded, where an operation is patient. */
const ANSWER_MS = 60_000;

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
  const activities = proxyActivities<Activities>({
    summary: summaryText(`inspect: ${kind}`),
    startToCloseTimeout: ANSWER_MS,
    heartbeatTimeout: 10_000,
    retry: { maximumAttempts: 3 },
  });
  return activities.inspect(input);
}
