import type { WorkflowExecutionDescription } from '@temporalio/client';
import { MEMO } from '../contract/names';
import { requestDigest } from '../request/request-digest';
import { showValue } from '../contract/show-value';
import { RequestConflict } from './request-conflict';
import type { Start } from './start-options';

/**
 * The run that has the request id must be a run of this very request, as its memo says.
 * @throws RequestConflict naming the fields that differ
 */
export const assertSameRequest = (start: Start, run: WorkflowExecutionDescription): void => {
  if (run.memo?.[MEMO.digest] === requestDigest(start.operation, start.request)) return;
  const { requestId } = start;
  throw new RequestConflict(
    `The request id ${requestId} was used before for another request (${differences(start, run.memo ?? {})}): use a new request id, or repeat the request as it was.`,
    requestId,
    run.workflowId,
    run.runId,
  );
};

const differences = (start: Start, memo: Readonly<Record<string, unknown>>): string => {
  const before = { ...(memo[MEMO.request] as object | undefined), operation: memo[MEMO.operation] };
  const now = { ...start.request, operation: start.operation };
  const fields = new Set([...Object.keys(before), ...Object.keys(now)]);
  const described = [...fields].toSorted().flatMap((field) => difference(field, before, now));
  return described.length === 0 ? 'its memo has no digest of this request' : described.join('; ');
};

const difference = (field: string, before: object, now: object): string[] => {
  const [left, right] = [before, now].map((side) => (side as Record<string, unknown>)[field]);
  if (left === right) return [];
  return [`${field} was ${shown(left)}, now ${shown(right)}`];
};

const shown = (value: unknown): string => (value === undefined ? 'not given' : showValue(value));
