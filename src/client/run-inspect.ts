import { randomUUID } from 'node:crypto';
import type { InspectInput, InspectResult } from '../contract/inspect';
import { WORKFLOWS } from '../contract/names';
import { runOutcome, type RunOutcome } from './closed-run';
import { describeRun } from './describe-run';
import { OperationFailed } from './operation-failed';
import { sleep } from './sleep';
import { temporalCall } from './temporal-call';
import type { TemporalLink } from './temporal-link';
import { TemporalUnavailable } from './temporal-unavailable';

/** A worker that polls takes a run up within a second; more is patience with one that is just starting. */
const PICK_UP_MS = 15_000;
/** The checks have a budget of a minute of their own; the rest is the way there and back. */
const ANSWER_MS = 90_000;

/**
 * Asks the worker a read-only question: the workflow `inspect` under an id of its own, so no request id is used up.
 * @throws OperationFailed with the worker's failure, TemporalUnavailable when no worker answers, or the signal's reason
 */
export const runInspect = async (
  link: TemporalLink,
  input: InspectInput,
  signal?: AbortSignal,
): Promise<InspectResult> => {
  const workflowId = `snapflow-inspect:${randomUUID()}`;
  const options = { taskQueue: link.taskQueue, workflowId, args: [input], staticSummary: summary(input) };
  const started = await temporalCall(
    link,
    () => link.client.workflow.start(WORKFLOWS.inspect, options),
    signal,
  );
  const outcome = await answered(link, workflowId, started.firstExecutionRunId, signal);
  if (outcome.kind === 'threw') throw new OperationFailed(outcome.failure);
  return outcome.value as InspectResult;
};

const answered = async (
  link: TemporalLink,
  workflowId: string,
  runId: string,
  signal: AbortSignal | undefined,
): Promise<RunOutcome> => {
  const over = new AbortController();
  const both = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]);
  const waits = [runOutcome(link, workflowId, runId, both), timeUp(link, workflowId, both)];
  try {
    const outcome = await Promise.race(waits);
    if (outcome !== undefined) return outcome;
    throw noWorker(link);
  } finally {
    over.abort();
    await Promise.allSettled(waits);
    await giveUp(link, workflowId);
  }
};

/** Nobody waits for the answer any more. The run only reads, so ending it is safe; a closed one is left as it is. */
const giveUp = async (link: TemporalLink, workflowId: string): Promise<void> => {
  const end = () => link.client.workflow.getHandle(workflowId).terminate('its asker went away');
  await temporalCall(link, end).catch(() => undefined);
};

const timeUp = async (link: TemporalLink, workflowId: string, signal: AbortSignal): Promise<undefined> => {
  await sleep(PICK_UP_MS, signal);
  const run = await describeRun(link, workflowId, undefined, signal);
  if (run !== undefined && run.historyLength <= 2) return;
  await sleep(ANSWER_MS - PICK_UP_MS, signal);
};

const noWorker = ({ taskQueue, namespace }: TemporalLink): TemporalUnavailable =>
  new TemporalUnavailable(
    `No worker answered on the task queue ${taskQueue} of the namespace ${namespace}: start one with snapflow worker, or name its queue with --task-queue or SNAPFLOW_TASK_QUEUE.`,
    'no-worker',
  );

const summary = ({ query }: InspectInput): string =>
  query.kind === 'snapshots' ? 'list snapshots' : `plan of a ${query.operation}`;
