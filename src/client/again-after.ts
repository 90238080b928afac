import type { WorkflowExecutionDescription, WorkflowExecutionStatusName } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { OperationInput, RequestOptions } from '../contract/request';
import { AgainRefused } from './again-refused';
import { assertSameRequest } from './assert-same-request';
import { describeRun } from './describe-run';
import { workflowIdOf, type Start } from './start-options';
import { temporalCall } from './temporal-call';
import type { TemporalLink } from './temporal-link';

/**
 * The start that runs a failed, cancelled or terminated request once more: it names the run before it, whose traces
 * the new run reads first (E11). Asked once more, because the caller died or heard no answer, it is the start that attaches
 * to the run that it made.
 * @throws AgainRefused when there is no such run, RequestConflict when it is another request's
 */
export const againAfter = async (link: TemporalLink, start: Start, signal?: AbortSignal): Promise<Start> => {
  const before = await describeRun(link, workflowIdOf(start), undefined, signal);
  const refusal = refusalOf(before?.status.name);
  if (before !== undefined && refusal !== undefined && (await wasMadeByAgain(link, before, signal)))
    return { ...start, reuse: 'REJECT_DUPLICATE' };
  if (before === undefined || refusal !== undefined) {
    throw new AgainRefused(`The operation ${start.requestId} cannot be run again: ${refusal ?? ''}`);
  }
  assertSameRequest(start, before);
  return { ...start, reuse: 'ALLOW_DUPLICATE_FAILED_ONLY', afterRunId: before.runId };
};

/** Only its input tells. */
const wasMadeByAgain = async (
  link: TemporalLink,
  { workflowId, runId }: WorkflowExecutionDescription,
  signal: AbortSignal | undefined,
): Promise<boolean> => {
  const handle = link.client.workflow.getHandle(workflowId, runId);
  const { events } = await temporalCall(link, () => handle.fetchHistory(), signal);
  const [input] = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  if (input === undefined) return false;
  const given = defaultPayloadConverter.fromPayload<Partial<OperationInput<RequestOptions>> | null>(input);
  return given?.again !== undefined;
};

const refusalOf = (status: WorkflowExecutionStatusName | undefined): string | undefined => {
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
};
