import { WorkflowUpdateFailedError } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import { RESOLVE_UPDATE, type ResolveInput } from '../contract/resolve';
import { noWorker } from './no-worker';
import { ResolutionRefused } from './resolution-refused';
import { abortable } from './temporal-call';
import type { TemporalLink } from './temporal-link';

/** A worker answers an update within a second; more is patience with one that is just starting. */
const ANSWER_MS = 20_000;

/**
 * Sends the update `resolve` to the run that asked, and returns once the run has taken the answer.
 * @throws ResolutionRefused when it does not ask that (any more), TemporalUnavailable, or the signal's reason
 */
export const sendResolution = async (
  link: TemporalLink,
  workflowId: string,
  input: ResolveInput,
  signal: AbortSignal | undefined,
): Promise<void> => {
  const timeUp = AbortSignal.timeout(ANSWER_MS);
  const both = signal === undefined ? timeUp : AbortSignal.any([signal, timeUp]);
  const handle = link.client.workflow.getHandle(workflowId, input.runId);
  try {
    await abortable(link, () => handle.executeUpdate(RESOLVE_UPDATE, { args: [input] }), both);
  } catch (error) {
    signal?.throwIfAborted();
    if (timeUp.aborted) throw noWorker(link);
    if (error instanceof WorkflowUpdateFailedError || error instanceof WorkflowNotFoundError)
      throw stale(workflowId);
    throw error;
  }
};

const stale = (workflowId: string): ResolutionRefused =>
  new ResolutionRefused(
    `The operation ${workflowId} does not ask that question any more: somebody else decided, or it was reset or ended; read how it stands with snapflow status.`,
  );
