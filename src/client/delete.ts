import type { DeletionInput, DeletionResult } from '../contract/inspect';
import { DEFAULT_CONNECTION, deletionWorkflowId, MEMO, OPERATIONS, WORKFLOWS } from '../contract/operations';
import { summaryText } from '../contract/text';
import { DeletionRefused, OperationFailed } from './errors';
import { STATE_WORDS, type OperationStatus, type OperationOverview } from './operation-views';
import { temporalCall, type TemporalLink } from './temporal-calls';
import { workerAnswer } from './wait';

/**
 * The machine that a clone made.
 * @throws DeletionRefused when it is no clone that succeeded
 */
export function madeVm({ id, operation, state, result }: OperationStatus<unknown>): string {
  if (!OPERATIONS[operation].makesVm)
    throw new DeletionRefused(`The operation ${id} is a ${operation}: it made no machine.`);
  const { vmId } = (result ?? {}) as { vmId?: unknown };
  if (state === 'succeeded' && typeof vmId === 'string') return vmId;
  throw new DeletionRefused(
    `The clone ${id} ${STATE_WORDS[state]}, so nothing of it is deleted: ${
      state === 'running' || state === 'needs-decision'
        ? 'end it with snapflow cancel, which deletes what it made'
        : 'its failure names what is left, if anything is'
    }.`,
  );
}

type Clone = Pick<OperationOverview<unknown>, 'status' | 'request'>;

/** Runs the workflow `deleteVmOfClone`, or attaches to the one that is running. See `OperationHandle.deleteVm`. */
export async function deleteVmOfClone(
  link: TemporalLink,
  clone: Clone,
  signal: AbortSignal | undefined,
): Promise<DeletionResult> {
  const input = inputOf(clone);
  const workflowId = deletionWorkflowId(input.connection, input.requestId);
  const options = {
    taskQueue: link.taskQueue,
    workflowId,
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    args: [input],
    memo: { [MEMO.requester]: link.requester },
    staticSummary: summaryText(`delete ${input.vmId}`),
  } as const;
  const start = () => link.client.workflow.start(WORKFLOWS.deleteVmOfClone, options);
  const { firstExecutionRunId: runId } = await temporalCall(link, start, signal);
  const outcome = await workerAnswer(link, { workflowId, runId }, signal);
  if (outcome.kind === 'threw') throw new OperationFailed(outcome.failure, input.requestId);
  return outcome.value as DeletionResult;
}

function inputOf({ status, request }: Clone): DeletionInput {
  const { connection = DEFAULT_CONNECTION } = request;
  return { requestId: status.id, connection: String(connection), vmId: madeVm(status) };
}
