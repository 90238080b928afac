import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../contract/activities';
import type { DeletionInput, DeletionResult } from '../contract/inspect';
import { deletionWorkflowId } from '../contract/operations';
import { summaryText } from '../contract/text';
import { toApplicationFailure, shortId } from './refusals';

/** A person waits for the end and may repeat it, so it is bounded where an undo is patient: about half a minute of pauses. */
const ATTEMPTS = 6;

/**
 * Wire name `deleteVmOfClone`: deletes the machine that a finished clone made, by id, if it is provably that one and
 * powered off. Already gone is fine. One that was renamed, moved or started is kept: `CompensationIncomplete`.
 */
export async function deleteVmOfClone(given: DeletionInput): Promise<DeletionResult> {
  const input = accepted(given);
  const activities = proxyActivities<Activities>({
    summary: summaryText(`delete ${input.vmId}`),
    startToCloseTimeout: 60_000,
    heartbeatTimeout: 10_000,
    retry: { maximumAttempts: ATTEMPTS },
  });
  const clone = await activities.recallMadeClone(input);
  const deleted = await activities.deleteClone(clone);
  const { cloneId: vmId, name } = clone;
  if (deleted.kind !== 'kept') return { vmId, name, outcome: deleted.kind };
  throw toApplicationFailure({
    type: 'CompensationIncomplete',
    message: `The clone ${name} (${vmId}) was not deleted: ${deleted.why}.`,
    details: { vmId, name },
  });
}

/** Callers in other languages bypass the client. The id makes two deletions of one machine one. */
function accepted(input: DeletionInput): DeletionInput {
  const texts = [input?.requestId, input?.connection, input?.vmId];
  if (texts.some((text) => typeof text !== 'string'))
    refuse('the input must be an object with requestId, connection and vmId');
  const { workflowId } = workflowInfo();
  const expectedId = deletionWorkflowId(input.connection, input.requestId);
  if (workflowId !== expectedId)
    refuse(`the workflow id is ${shortId(workflowId)}, but this deletion's is ${shortId(expectedId)}`);
  // Whatever else came with it goes no further.
  const { requestId, connection, vmId } = input;
  return { requestId, connection, vmId };
}

function refuse(why: string): never {
  throw toApplicationFailure({ type: 'WorkflowInvalid', message: `Nothing was deleted: ${why}.` });
}
