import { randomUUID } from 'node:crypto';
import type { ThreadEnvironment } from '../environment/threads';

type ResetRequest = Parameters<ThreadEnvironment['temporal']['workflowService']['resetWorkflowExecution']>[0];

/** What an operator does with `temporal workflow reset`: returns the new run's id. */
export async function resetRun(
  { temporal }: ThreadEnvironment,
  { workflowId, runId }: { readonly workflowId: string; readonly runId: string },
  eventId: number,
): Promise<string> {
  const request = {
    namespace: 'default',
    workflowExecution: { workflowId, runId },
    reason: 'test',
    // The generated type wants a Long where the wire takes a number.
    workflowTaskFinishEventId: eventId as unknown as Long,
    requestId: randomUUID(),
  } as ResetRequest;
  return (await temporal.workflowService.resetWorkflowExecution(request)).runId;
}

type Long = NonNullable<ResetRequest['workflowTaskFinishEventId']>;
