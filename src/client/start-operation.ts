import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { WORKFLOWS } from '../contract/names';
import { assertSameRequest } from './assert-same-request';
import { describeRun } from './describe-run';
import { GRPC, grpcError } from './grpc-error';
import { startOptions, workflowIdOf, type Start } from './start-options';
import { temporalCall } from './temporal-call';
import type { TemporalLink } from './temporal-link';

/** A run can pass its retention between being in the way and being described; that happens once, not for ever. */
const MAX_ATTEMPTS = 3;

/**
 * Starts a request or attaches to the run that already has its id, and returns that run's id.
 * @throws RequestConflict when the id belongs to another request, TemporalUnavailable, or the signal's reason
 */
export const startOperation = async (
  link: TemporalLink,
  start: Start,
  signal?: AbortSignal,
): Promise<string> => {
  const workflowId = workflowIdOf(start);
  for (let attempt = 1; ; attempt += 1) {
    const runId = await startOrFindRunning(link, start, signal);
    const run = await describeRun(link, workflowId, runId, signal);
    if (run !== undefined) {
      assertSameRequest(start, run);
      return run.runId;
    }
    if (attempt === MAX_ATTEMPTS) throw new Error(`The run of ${workflowId} vanished ${MAX_ATTEMPTS} times.`);
  }
};

/** @returns the run id, or undefined when a closed run is in the way */
const startOrFindRunning = async (
  link: TemporalLink,
  start: Start,
  signal: AbortSignal | undefined,
): Promise<string | undefined> => {
  try {
    return await startOnce(link, start, true, signal);
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return undefined;
    throw error;
  }
};

const startOnce = async (
  link: TemporalLink,
  start: Start,
  withSearchAttributes: boolean,
  signal: AbortSignal | undefined,
): Promise<string> => {
  const workflow = start.operation === 'clone' ? WORKFLOWS.linkedCloneVm : WORKFLOWS.revertVm;
  const options = startOptions(start, link.taskQueue, withSearchAttributes);
  try {
    const handle = await temporalCall(link, () => link.client.workflow.start(workflow, options), signal);
    return handle.firstExecutionRunId;
  } catch (error) {
    if (!withSearchAttributes || !lacksSearchAttributes(error)) throw error;
    link.notice(
      `The namespace ${link.namespace} lacks Snapflow's search attributes, so operations start without them: register them with snapflow setup.`,
    );
    return startOnce(link, start, false, signal);
  }
};

const lacksSearchAttributes = (error: unknown): boolean => {
  const grpc = grpcError(error);
  return grpc?.code === GRPC.INVALID_ARGUMENT && /search attribute/i.test(grpc.details);
};
