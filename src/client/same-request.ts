import type { WorkflowExecutionDescription } from '@temporalio/client';
import { MEMO, operationOfWorkflow, type Operation, type RequestOf } from '../contract/operations';
import { singleLine, showValue } from '../contract/text';
import { identityOf, requestDigest } from '../request/identity';
import { RequestConflict } from './errors';

/** A request under its id. */
export interface AskedRequest {
  readonly operation: Operation;
  readonly request: RequestOf;
  readonly requestId: string;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * The run that has the request id must be a run of this very request, as its memo says. A caller of an earlier release may
 * have recorded nothing but a digest: then that one is compared.
 * @throws RequestConflict naming the fields that differ
 */
export function assertSameRequest(asked: AskedRequest, run: WorkflowExecutionDescription): void {
  const known = recordedRequest(run.memo?.[MEMO.request]);
  const different =
    known === undefined
      ? withoutRequest(asked, run)
      : differences({ operation: operationOfWorkflow(run.type), request: known }, asked);
  if (different === undefined) return;
  const { requestId } = asked;
  throw new RequestConflict(
    `The request id ${requestId} was used before for another request (${different}): use a new request id, or repeat the request as it was.`,
    requestId,
    run.workflowId,
    run.runId,
  );
}

const recordedRequest = (memo: unknown): Fields | undefined =>
  typeof memo === 'object' && memo !== null && !Array.isArray(memo) ? (memo as Fields) : undefined;

const withoutRequest = (
  { operation, request }: AskedRequest,
  { memo }: WorkflowExecutionDescription,
): string | undefined =>
  memo?.[MEMO.digest] === requestDigest(operation, request)
    ? undefined
    : 'its memo does not have this request';

/** A request has a dozen fields. A memo that others wrote may have any number. */
const MAX_NAMED = 12;
const MAX_FIELD_CHARACTERS = 60;

function differences(
  before: { readonly operation: Operation | undefined; readonly request: Fields },
  now: AskedRequest,
): string | undefined {
  const left: Fields = {
    ...identityOf(before.operation ?? now.operation, before.request),
    operation: before.operation,
  };
  const right: Fields = { ...identityOf(now.operation, now.request), operation: now.operation };
  const given = new Set(['operation', ...Object.keys(before.request), ...Object.keys(now.request)]);
  const different = [...given].toSorted().filter((field) => left[field] !== right[field]);
  if (different.length === 0) return undefined;
  return different
    .slice(0, MAX_NAMED)
    .map((field) => `${named(field)} was ${shown(left[field])}, now ${shown(right[field])}`)
    .join('; ');
}

const named = (field: string): string => singleLine(field.slice(0, MAX_FIELD_CHARACTERS));

const shown = (value: unknown): string => (value === undefined ? 'not given' : showValue(value));
