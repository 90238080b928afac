import { Context } from '@temporalio/activity';
import type { DeleteCloneInput, PreparedLinkedClone } from '../contract/activities';
import type { DeletionInput } from '../contract/deletion';
import { requestWorkflowId, WORKFLOWS } from '../contract/names';
import type { LinkedCloneResult } from '../contract/result';
import { decoded, doneActivities, type History } from './done-activities';
import { describeRun } from './lock';
import { failWith } from './to-failure';

/**
 * The machine that a finished clone made, as its history records it: which one it is comes from the run's result, where
 * it belongs from its `prepare`. Nothing that a caller says is believed (E7).
 */
export async function recallMadeClone({
  requestId,
  connection,
  vmId,
}: DeletionInput): Promise<DeleteCloneInput> {
  const workflowId = requestWorkflowId(connection, requestId);
  const run = await describeRun(workflowId);
  if (run?.type !== WORKFLOWS.linkedCloneVm || run.status.name !== 'COMPLETED')
    refuse(workflowId, 'it is no clone that succeeded');
  const history = await Context.current().client.workflow.getHandle(workflowId, run.runId).fetchHistory();
  const prepared = preparedIn(history);
  const made = resultOf(history);
  if (prepared === undefined || made?.vmId !== vmId)
    refuse(workflowId, `its machine is ${made?.vmId ?? 'not recorded'}, not ${vmId}`);
  const { clusterId, vmId: sourceId, name, folderId } = prepared;
  return { connection, clusterId, vmId: sourceId, name, folderId, cloneId: made.vmId };
}

const preparedIn = (history: History): PreparedLinkedClone | undefined =>
  doneActivities(history)
    .filter(({ type }) => type === 'prepareLinkedClone')
    .map(({ result }) => result as PreparedLinkedClone | undefined)
    .findLast((result) => result !== undefined);

const resultOf = ({ events }: History): LinkedCloneResult | undefined =>
  decoded(events?.at(-1)?.workflowExecutionCompletedEventAttributes?.result?.payloads) as
    LinkedCloneResult | undefined;

function refuse(workflowId: string, why: string): never {
  failWith('RequestInvalid', `Nothing of ${workflowId} is deleted: ${why}.`);
}
