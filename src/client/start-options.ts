import {
  defineSearchAttributeKey,
  SearchAttributeType,
  type SearchAttributePair,
  type WorkflowIdReusePolicy,
} from '@temporalio/common';
import {
  DEFAULT_CONNECTION,
  MEMO,
  requestWorkflowId,
  SEARCH_ATTRIBUTES,
  type Operation,
} from '../contract/names';
import type { LinkedCloneRequest, OperationInput, RevertRequest } from '../contract/request';
import { requestDigest } from '../request/request-digest';
import { operationDetails, operationSummary } from './operation-summary';

/** What is to be started, parsed and with its identity. */
export interface Start {
  readonly operation: Operation;
  readonly request: LinkedCloneRequest | RevertRequest;
  readonly requestId: string;
  readonly afterRunId?: string;
  readonly reuse: WorkflowIdReusePolicy;
}

export const workflowIdOf = ({ request, requestId }: Start): string =>
  requestWorkflowId(request.connection ?? DEFAULT_CONNECTION, requestId);

/**
 * The options of a start: part of the published contract. No execution or run time-out, ever: it would skip the
 * compensation (E14).
 */
export const startOptions = (start: Start, taskQueue: string, withSearchAttributes: boolean) => ({
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
    [MEMO.searchAttributes]: withSearchAttributes,
  },
  ...(withSearchAttributes ? { typedSearchAttributes: searchAttributes(start) } : {}),
  staticSummary: operationSummary(start.operation, start.request),
  staticDetails: operationDetails(start.requestId, start.request),
});

const inputOf = (start: Start): OperationInput<LinkedCloneRequest | RevertRequest> => ({
  requestId: start.requestId,
  request: start.request,
  ...(start.afterRunId === undefined ? {} : { again: { afterRunId: start.afterRunId } }),
});

const searchAttributes = ({ operation, request }: Start): SearchAttributePair[] => [
  keyword(SEARCH_ATTRIBUTES.connection, request.connection ?? DEFAULT_CONNECTION),
  keyword(SEARCH_ATTRIBUTES.vm, request.vm),
  keyword(SEARCH_ATTRIBUTES.operation, operation),
  ...('name' in request ? [keyword(SEARCH_ATTRIBUTES.name, request.name)] : []),
];

const keyword = (name: string, value: string): SearchAttributePair => ({
  key: defineSearchAttributeKey(name, SearchAttributeType.KEYWORD),
  value,
});
