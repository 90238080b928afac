import { randomUUID } from 'node:crypto';
import type { InspectInput, InspectResult } from '../contract/inspect';
import { WORKFLOWS } from '../contract/operations';
import { OperationFailed } from './errors';
import { temporalCall, type TemporalLink } from './temporal-calls';
import { workerAnswer } from './wait';

/** The checks have a budget of a minute of their own. The rest is the way there and back. */
const ANSWER_MS = 90_000;

/**
 * Asks the worker a read-only question: the workflow `inspect` under an id of its own, so no request id is used up.
 * @throws OperationFailed with the worker's failure, TemporalUnavailable when no worker answers, or the signal's reason
 */
export async function runInspect(
  link: TemporalLink,
  input: InspectInput,
  signal?: AbortSignal,
): Promise<InspectResult> {
  const workflowId = `snapflow-inspect:${randomUUID()}`;
  const options = { taskQueue: link.taskQueue, workflowId, args: [input], staticSummary: summary(input) };
  const started = await temporalCall(
    link,
    () => link.client.workflow.start(WORKFLOWS.inspect, options),
    signal,
  );
  try {
    const run = { workflowId, runId: started.firstExecutionRunId, withinMs: ANSWER_MS };
    const outcome = await workerAnswer(link, run, signal);
    if (outcome.kind === 'threw') throw new OperationFailed(outcome.failure);
    return outcome.value as InspectResult;
  } finally {
    await giveUp(link, workflowId);
  }
}

/** The caller has left. The run only reads, so ending it is safe. A closed one is left as it is. */
async function giveUp(link: TemporalLink, workflowId: string): Promise<void> {
  const end = () => link.client.workflow.getHandle(workflowId).terminate('its asker went away');
  await temporalCall(link, end).catch(() => undefined);
}

function summary({ query }: InspectInput): string {
  switch (query.kind) {
    case 'snapshots':
      return 'list snapshots';
    case 'plan':
      return `plan of a ${query.operation}`;
    case 'doctor':
      return 'look at every connection';
  }
}
