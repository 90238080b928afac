import type { DeletionInput, DeletionResult } from '../contract/deletion';
import { DEFAULT_CONNECTION, deletionWorkflowId, WORKFLOWS } from '../contract/names';
import { summaryText } from '../contract/summary-text';
import { madeVm } from './made-vm';
import { OperationFailed } from './operation-failed';
import type { OperationOverview } from './operation-overview';
import { temporalCall } from './temporal-call';
import type { TemporalLink } from './temporal-link';
import { workerAnswer } from './worker-answer';

type Clone = Pick<OperationOverview<unknown>, 'status' | 'request'>;

/** Runs the workflow `deleteVmOfClone`, or attaches to the one that is running. See `OperationHandle.deleteVm`. */
export const deleteVmOfClone = async (
  link: TemporalLink,
  clone: Clone,
  signal: AbortSignal | undefined,
): Promise<DeletionResult> => {
  const input = inputOf(clone);
  const workflowId = deletionWorkflowId(input.connection, input.requestId);
  const options = {
    taskQueue: link.taskQueue,
    workflowId,
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    args: [input],
    staticSummary: summaryText(`delete ${input.vmId}`),
  } as const;
  const start = () => link.client.workflow.start(WORKFLOWS.deleteVmOfClone, options);
  const { firstExecutionRunId: runId } = await temporalCall(link, start, signal);
  const outcome = await workerAnswer(link, { workflowId, runId }, signal);
  if (outcome.kind === 'threw') throw new OperationFailed(outcome.failure, input.requestId);
  return outcome.value as DeletionResult;
};

const inputOf = ({ status, request }: Clone): DeletionInput => {
  const { connection = DEFAULT_CONNECTION } = request;
  return { requestId: status.id, connection: String(connection), vmId: madeVm(status) };
};
