import type { WorkflowExecutionDescription, WorkflowExecutionStatusName } from '@temporalio/client';
import {
  defineSearchAttributeKey,
  SearchAttributeType,
  WorkflowExecutionAlreadyStartedError,
  type SearchAttributePair,
  type WorkflowIdReusePolicy,
} from '@temporalio/common';
import { omitUndefined } from '../contract/omit-undefined';
import {
  MEMO,
  DEFAULT_CONNECTION,
  requestWorkflowId,
  OPERATIONS,
  PRIORITIES,
  SEARCH_ATTRIBUTES,
  type LinkedCloneInput,
  type Operation,
  type OperationInput,
  type Priority,
  type RequestOf,
  type RequestOptions,
} from '../contract/operations';
import { decodeHistoryPayload } from '../contract/history-payload';
import { nonceOfName, ownName } from '../contract/own-names';
import { isRunGone } from '../contract/run-gone';
import { markdownCode, operationCommand, summaryText } from '../contract/text';
import { requestDigest } from '../request/identity';
import { describeLatestRun } from './describe';
import { AgainRefused, TemporalUnavailable } from './errors';
import { assertSameRequest, type AskedRequest } from './same-request';
import { readAttributes } from './set-up';
import { GRPC, grpcError, temporalCall, type TemporalLink } from './temporal-calls';

/** One line for the Temporal UI: `clone web-01 @ nightly-0412 -> ci-42`. */
export function operationSummary(operation: Operation, request: RequestOf, name = nameIn(request)): string {
  const target = name === undefined ? '' : ` -> ${name}`;
  return summaryText(`${operation} ${request.vm} @ ${request.snapshot}${target}`);
}

/** The request and the command that shows it, as Markdown for the Temporal UI, whose pane takes five lines. */
export function operationDetails({
  requestId,
  request,
  requester,
  nonce,
}: Pick<Start, 'requestId' | 'request' | 'requester' | 'nonce'>): string {
  const { connection, ...asked } = request;
  const fields = {
    requestId,
    connection: connection ?? DEFAULT_CONNECTION,
    ...asked,
    ...omitUndefined({ name: nameOf({ request, nonce }), requester }),
  };
  const listed = Object.entries(fields).map(
    ([field, value]) => `**${field}** ${markdownCode(String(value))}`,
  );
  const target = { requestId, ...omitUndefined({ connection }) };
  return `${listed.join(' · ')}\n\nIn a shell: ${markdownCode(operationCommand('status', target))}`;
}

/** What is to be started, parsed and with its identity. */
export interface Start extends AskedRequest {
  readonly afterRunId?: string;
  readonly requester?: string;
  readonly reuse: WorkflowIdReusePolicy;
  /** Absent: normal. */
  readonly priority?: Priority;
  /** Absent: it shares the places of all requests without one. */
  readonly team?: string;
  /** Of a clone with `uniqueName`. Absent where it is run again and the run before does not tell: the worker finds out. */
  readonly nonce?: string;
}

const nameIn = (request: RequestOf): string | undefined => ('name' in request ? request.name : undefined);

/** The name that the machine of this start is to have, its own one where the request asks for that and it is known. */
const nameOf = ({
  request,
  nonce,
}: Pick<Start, 'request'> & { readonly nonce?: string | undefined }): string | undefined =>
  'name' in request && nonce !== undefined ? ownName(request.name, nonce) : nameIn(request);

export const workflowIdOf = ({ request, requestId }: Start): string =>
  requestWorkflowId(request.connection ?? DEFAULT_CONNECTION, requestId);

/**
 * The options of a start: part of the published contract. No execution or run time-out, ever: it would skip the
 * compensation (E14).
 */
export const startOptions = (start: Start, taskQueue: string, attributes: Attributes) => ({
  taskQueue,
  workflowId: workflowIdOf(start),
  workflowIdConflictPolicy: 'USE_EXISTING' as const,
  workflowIdReusePolicy: start.reuse,
  args: [inputOf(start)],
  memo: {
    [MEMO.digest]: requestDigest(start.operation, start.request),
    [MEMO.operation]: start.operation,
    [MEMO.requestId]: start.requestId,
    [MEMO.request]: start.request,
    [MEMO.searchAttributes]: has(attributes, SEARCH_ATTRIBUTES.state),
    ...omitUndefined({ [MEMO.name]: start.nonce === undefined ? undefined : nameOf(start) }),
    ...omitUndefined({ [MEMO.requester]: start.requester, [MEMO.team]: start.team }),
  },
  ...placeInLine(start),
  ...searchAttributesOf(start, attributes),
  staticSummary: operationSummary(start.operation, start.request, nameOf(start)),
  staticDetails: operationDetails(start),
});

/** Which search attributes a start has: all, none, or those that the namespace has. */
type Attributes = boolean | readonly string[];

const has = (attributes: Attributes, name: string): boolean =>
  typeof attributes === 'boolean' ? attributes : attributes.includes(name);

function searchAttributesOf(start: Start, attributes: Attributes) {
  const pairs = searchAttributes(start, nameOf(start)).filter(({ key }) => has(attributes, key.name));
  return pairs.length === 0 ? {} : { typedSearchAttributes: pairs };
}

/** No part of the request: every activity of the run inherits it. */
const placeInLine = ({ priority, team }: Start) =>
  priority === undefined && team === undefined
    ? {}
    : {
        priority: omitUndefined({
          priorityKey: priority === undefined ? undefined : PRIORITIES[priority],
          fairnessKey: team,
        }),
      };

const inputOf = (start: Start): OperationInput<RequestOf> & Pick<LinkedCloneInput, 'nonce'> => ({
  requestId: start.requestId,
  request: start.request,
  ...omitUndefined({
    nonce: start.nonce,
    again: start.afterRunId === undefined ? undefined : { afterRunId: start.afterRunId },
  }),
});

const searchAttributes = ({ operation, request }: Start, name: string | undefined): SearchAttributePair[] => [
  keyword(SEARCH_ATTRIBUTES.connection, request.connection ?? DEFAULT_CONNECTION),
  keyword(SEARCH_ATTRIBUTES.vm, request.vm),
  keyword(SEARCH_ATTRIBUTES.operation, operation),
  ...(name === undefined ? [] : [keyword(SEARCH_ATTRIBUTES.name, name)]),
];

const keyword = (name: string, value: string): SearchAttributePair => ({
  key: defineSearchAttributeKey(name, SearchAttributeType.KEYWORD),
  value,
});

/** A run can pass its retention between being in the way and being described. That happens once, not for ever. */
const MAX_ATTEMPTS = 3;

/** The run of a request, and whether this call has started it. */
export interface StartedOperation {
  readonly run: Pick<WorkflowExecutionDescription, 'workflowId' | 'runId' | 'memo'>;
  readonly isNew: boolean;
}

/**
 * Starts a request or attaches to the run that already has its id, and returns that run. A run that it starts is as it was
 * asked for, so it is not described.
 * @throws RequestConflict when the id belongs to another request, TemporalUnavailable, or the signal's reason
 */
export async function startOperation(
  link: TemporalLink,
  start: Start,
  signal?: AbortSignal,
): Promise<StartedOperation> {
  const workflowId = workflowIdOf(start);
  for (let attempt = 1; ; attempt += 1) {
    const run = await startUnlessKnown(link, start, signal);
    if (run !== undefined) return { run, isNew: true };
    const known = await describeLatestRun(link, workflowId, undefined, signal);
    if (known !== undefined) {
      assertSameRequest(start, known);
      return { run: known, isNew: false };
    }
    if (attempt === MAX_ATTEMPTS)
      throw new TemporalUnavailable(
        `The Temporal server named a run of ${workflowId} that it then did not know, ${MAX_ATTEMPTS} times: repeat the request.`,
        'unreachable',
      );
  }
}

/** @returns undefined when a run is in the way */
async function startUnlessKnown(
  link: TemporalLink,
  start: Start,
  signal: AbortSignal | undefined,
): Promise<StartedOperation['run'] | undefined> {
  try {
    return await startOnce(link, start, true, signal);
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return undefined;
    throw error;
  }
}

async function startOnce(
  link: TemporalLink,
  start: Start,
  attributes: Attributes,
  signal: AbortSignal | undefined,
): Promise<StartedOperation['run']> {
  const { workflow } = OPERATIONS[start.operation];
  const published = startOptions(start, link.taskQueue, attributes);
  // It attaches as the published policy does, and tells a run that was started from one that was there. A start whose
  // reply is lost is sent again with its request id, which the server knows: it is no conflict with itself.
  const options = { ...published, workflowIdConflictPolicy: 'FAIL' as const };
  try {
    const handle = await temporalCall(link, () => link.client.workflow.start(workflow, options), signal);
    return { workflowId: handle.workflowId, runId: handle.firstExecutionRunId, memo: options.memo };
  } catch (error) {
    if (attributes === false || !lacksSearchAttributes(error)) throw error;
    const there = attributes === true ? await attributesThere(link, signal) : [];
    const which = there.length === 0 ? "Snapflow's" : "some of Snapflow's";
    link.notice(
      `The namespace ${link.namespace} lacks ${which} search attributes, so operations start without them: register them with snapflow setup.`,
    );
    return startOnce(link, start, there.length > 0 && there, signal);
  }
}

/** A namespace may have room for some of them only. */
const attributesThere = async (
  link: TemporalLink,
  signal: AbortSignal | undefined,
): Promise<readonly string[]> =>
  ((await readAttributes(link, signal)) ?? []).filter(({ isKeyword }) => isKeyword).map(({ name }) => name);

function lacksSearchAttributes(error: unknown): boolean {
  const grpc = grpcError(error);
  return grpc?.code === GRPC.INVALID_ARGUMENT && /search attribute/i.test(grpc.details);
}

/**
 * The start that runs a failed, cancelled or terminated request once more: it names the run before it, whose traces
 * the new run reads first (E11). Asked once more, because the caller died or heard no answer, it is the start that attaches
 * to the run that it made.
 * @throws AgainRefused when there is no such run, RequestConflict when it is another request's
 */
export async function againAfter(link: TemporalLink, start: Start, signal?: AbortSignal): Promise<Start> {
  const before = await describeLatestRun(link, workflowIdOf(start), undefined, signal);
  const refusal = refusalOf(before?.status.name);
  if (before !== undefined && refusal !== undefined && (await wasMadeByAgain(link, before, signal)))
    return { ...start, reuse: 'REJECT_DUPLICATE' };
  if (before === undefined || refusal !== undefined) {
    throw new AgainRefused(`The operation ${start.requestId} cannot be run again: ${refusal ?? ''}`);
  }
  assertSameRequest(start, before);
  return withNonceOf(before, { ...start, reuse: 'ALLOW_DUPLICATE_FAILED_ONLY', afterRunId: before.runId });
}

/** Run again, a request keeps its own name: what the run before made has it. */
function withNonceOf({ memo }: WorkflowExecutionDescription, start: Start): Start {
  const { nonce: _, ...known } = start;
  const { request } = known;
  const nonce = 'name' in request ? nonceOfName(memo?.[MEMO.name], request.name) : undefined;
  return { ...known, ...omitUndefined({ nonce }) };
}

/** Only its input tells. */
async function wasMadeByAgain(
  link: TemporalLink,
  { workflowId, runId }: WorkflowExecutionDescription,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const handle = link.client.workflow.getHandle(workflowId, runId);
  const { events } = await temporalCall(link, () => handle.fetchHistory().catch(nothingWhenGone), signal);
  const given = (await decodeHistoryPayload(
    link.client.workflow.options.loadedDataConverter,
    events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads,
    { namespace: link.namespace, workflowId },
  )) as Partial<OperationInput<RequestOptions>> | null | undefined;
  return given?.again !== undefined;
}

/** Its retention has passed between two calls. */
function nothingWhenGone(error: unknown): { readonly events?: undefined } {
  if (isRunGone(error)) return {};
  throw error;
}

function refusalOf(status: WorkflowExecutionStatusName | undefined): string | undefined {
  switch (status) {
    case undefined:
      return 'none with that id is known, so start it without --again.';
    case 'COMPLETED':
      return 'it succeeded, so use a new request id for a second effect.';
    case 'FAILED':
    case 'CANCELLED':
    case 'TERMINATED':
    case 'TIMED_OUT':
      return undefined;
    case 'RUNNING':
    case 'PAUSED':
    case 'CONTINUED_AS_NEW':
    case 'UNSPECIFIED':
    case 'UNKNOWN':
      return 'it is still running, so wait for it or cancel it first.';
  }
}
