import { ApplicationFailure } from '@temporalio/common';
import { workflowInfo } from '@temporalio/workflow';
import type { Failure } from '../contract/failures';
import {
  DEFAULT_CONNECTION,
  requestWorkflowId,
  type OperationInput,
  type RequestOptions,
} from '../contract/operations';
import { CLEAN_TEXT } from '../contract/text';

/** A failure of the closed list as Temporal carries it: never retried, its facts as the one detail. */
export const toApplicationFailure = ({ type, message, details }: Failure): ApplicationFailure =>
  ApplicationFailure.nonRetryable(message, type, ...(details === undefined ? [] : [details]));

/** Inputs of the contract have four levels. What is much deeper could not be handed to an activity, again and again. */
export const DEEPEST = 8;

export const isTooDeep = (value: unknown, levels = DEEPEST): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((each) => isTooDeep(each, levels - 1)));

/** Enough to recognise an id. A caller may have sent a megabyte. */
const SHOWN_CHARACTERS = 100;

/** An id for a refusal, which is stored in the history and shown in lists. */
export const shortId = (id: string): string =>
  id.length <= SHOWN_CHARACTERS ? id : `${id.slice(0, SHOWN_CHARACTERS)}…`;

/**
 * Refuses, before anything happens, what callers in other languages can get wrong and `prepare` could not mend: a
 * workflow id that is not its request's would break the de-duplication, a time-out would skip the compensation (E14).
 * Values are parsed in `prepare`.
 */
export function acceptInput<R extends RequestOptions>(
  input: OperationInput<R>,
  texts: readonly (keyof R & string)[],
): void {
  // Temporal's command line and its Go SDK say "none" as a time-out of 0.
  const { workflowId, executionTimeoutMs = 0, runTimeoutMs = 0 } = workflowInfo();
  if (typeof input?.requestId !== 'string' || typeof input.request !== 'object' || input.request === null) {
    refuse('the input must be an object with requestId and request');
  }
  // What no activity can take, and what the server cannot look up, would be tried again without end.
  if (isTooDeep(input)) refuse(`the input is nested deeper than ${DEEPEST} levels`);
  const { again } = input;
  if (again !== undefined && !RUN_ID.test(String((again as Partial<typeof again> | null)?.afterRunId)))
    refuse('again.afterRunId must be the run id of the run before');
  if (!CLEAN_TEXT.test(input.requestId)) refuse('requestId must be a text without control characters');
  const wrong = texts.find((field) => !isShortText(input.request[field]));
  if (wrong !== undefined) refuse(`request.${wrong} must be a text of at most ${LONGEST_TEXT} characters`);
  const { deadlineMs } = input.request;
  if (deadlineMs !== undefined && !(Number.isInteger(deadlineMs) && deadlineMs > 0)) {
    refuse('request.deadlineMs must be a whole number of milliseconds above 0');
  }
  if (!isShortText(input.request.connection ?? DEFAULT_CONNECTION))
    refuse('request.connection must be a short text');
  const expectedId = requestWorkflowId(input.request.connection ?? DEFAULT_CONNECTION, input.requestId);
  if (workflowId !== expectedId)
    refuse(`the workflow id is ${shortId(workflowId)}, but this request's is ${shortId(expectedId)}`);
  if (executionTimeoutMs > 0 || runTimeoutMs > 0) {
    refuse(
      'an execution or run time-out is set, which would skip the compensation: use deadlineMs in the request',
    );
  }
}

const RUN_ID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Locks carry texts in their ids, which the server bounds at 1000 bytes. `prepare` is stricter, field by field. */
const LONGEST_TEXT = 255;

const isShortText = (value: unknown): boolean => typeof value === 'string' && value.length <= LONGEST_TEXT;

function refuse(why: string): never {
  throw toApplicationFailure({ type: 'WorkflowInvalid', message: `Nothing was done: ${why}.` });
}
