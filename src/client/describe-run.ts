import type { WorkflowExecutionDescription } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import { temporalCall } from './temporal-call';
import type { TemporalLink } from './temporal-link';

/** Nobody resets one operation more often; beyond it the last run seen is the answer. */
const MAX_SUCCESSORS = 20;

/**
 * Describes a run, or the newest one of the workflow id. A run that an operator reset, or that went on as a new one,
 * is the same operation: its successor is described.
 * @returns undefined when the server knows no such run
 */
export const describeRun = async (
  link: TemporalLink,
  workflowId: string,
  runId?: string,
  signal?: AbortSignal,
): Promise<WorkflowExecutionDescription | undefined> => {
  let found = await describeOne(link, workflowId, runId, signal);
  for (let step = 0; step < MAX_SUCCESSORS && found !== undefined; step += 1) {
    const next = successorOf(found);
    if (next === undefined) return found;
    const successor = await describeOne(link, workflowId, next, signal);
    if (successor === undefined || successor.runId === found.runId) return found;
    found = successor;
  }
  return found;
};

const successorOf = ({ status, raw }: WorkflowExecutionDescription): string | undefined => {
  if (status.name === 'TERMINATED') return raw.workflowExtendedInfo?.resetRunId ?? undefined;
  // An empty run id means the newest run.
  return status.name === 'CONTINUED_AS_NEW' ? '' : undefined;
};

const describeOne = async (
  link: TemporalLink,
  workflowId: string,
  runId: string | undefined,
  signal: AbortSignal | undefined,
): Promise<WorkflowExecutionDescription | undefined> => {
  const handle = link.client.workflow.getHandle(workflowId, runId === '' ? undefined : runId);
  try {
    return await temporalCall(link, () => handle.describe(), signal);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
};
