import { setTimeout as delay } from 'node:timers/promises';
import { omitUndefined } from '../contract/omit-undefined';
import type { TemporalLink } from './temporal-calls';
import { runOutcome, describeLatestRun, type RunOutcome } from './describe';
import { TemporalUnavailable } from './errors';
import type { OperationOverview, OperationResult } from './operation-views';

/** Waits with a jitter of a fifth, so that many waiters do not ask the server in step. Rejects with the signal's reason. */
export const sleep = async (durationMs: number, signal?: AbortSignal): Promise<void> => {
  const jitteredMs = durationMs * (0.9 + Math.random() * 0.2);
  try {
    await delay(jitteredMs, undefined, omitUndefined({ signal }));
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
};

/** A server upgrade or a failover takes a minute or two. */
const OUTAGE_MS = 5 * 60_000;
const RETRY_INTERVAL_MS = 2_000;

/**
 * Repeats a read while the Temporal server does not answer: an operation outlives such an outage, so a wait for it does
 * too. After five minutes without an answer the error is the caller's.
 */
export const retryWhileUnavailable = async <Answer>(
  read: () => Promise<Answer>,
  signal?: AbortSignal,
): Promise<Answer> => {
  const giveUpAt = performance.now() + OUTAGE_MS;
  for (;;) {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof TemporalUnavailable) || error.reason !== 'unreachable') throw error;
      if (performance.now() >= giveUpAt) throw error;
      await sleep(RETRY_INTERVAL_MS, signal);
    }
  }
};

/** A decision takes a person: seconds do not matter, a thousand waiters do. */
const FIRST_LOOK_MS = 1_000;
const MAX_LOOK_MS = 10_000;

/** Of an operation's handle what waiting needs. */
interface Watched<Result> {
  overview(options: { readonly signal?: AbortSignal }): Promise<OperationOverview<Result>>;
}

/**
 * Waits until an operation has ended or needs a decision. The end arrives by a long poll, which costs nothing. Whether
 * it needs a decision is looked up now and then.
 */
export const waitForEnd = async <Result extends OperationResult>(
  link: TemporalLink,
  handle: Watched<Result>,
  signal?: AbortSignal,
): Promise<OperationOverview<Result>> => {
  let current = await retryWhileUnavailable(() => handle.overview(optional(signal)), signal);
  while (!isOver(current)) {
    await closedOrUndecided(link, handle, current, signal);
    current = await retryWhileUnavailable(() => handle.overview(optional(signal)), signal);
  }
  return current;
};

/** Returns when the run that was current has closed, or the operation was seen to need a decision. */
const closedOrUndecided = async <Result extends OperationResult>(
  link: TemporalLink,
  handle: Watched<Result>,
  { status: { workflowId, runId } }: OperationOverview<Result>,
  signal: AbortSignal | undefined,
): Promise<void> => {
  const over = new AbortController();
  const both = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]);
  const waits = [
    retryWhileUnavailable(() => runOutcome(link, workflowId, runId, both), both),
    untilOver(handle, both),
  ];
  try {
    await Promise.race(waits);
  } finally {
    over.abort();
    await Promise.allSettled(waits);
  }
};

const untilOver = async <Result extends OperationResult>(
  handle: Watched<Result>,
  signal: AbortSignal,
): Promise<void> => {
  for (let intervalMs = FIRST_LOOK_MS; ; intervalMs = Math.min(intervalMs * 2, MAX_LOOK_MS)) {
    await sleep(intervalMs, signal);
    if (isOver(await retryWhileUnavailable(() => handle.overview({ signal }), signal))) return;
  }
};

const isOver = ({ status, closedAt }: OperationOverview<unknown>): boolean =>
  closedAt !== undefined || status.state === 'needs-decision';

const optional = (signal: AbortSignal | undefined) => omitUndefined({ signal });

/** No worker polls the task queue, or it does not get to this run. */
export const noWorker = ({ taskQueue, namespace }: TemporalLink): TemporalUnavailable =>
  new TemporalUnavailable(
    `No worker answered on the task queue ${taskQueue} of the namespace ${namespace}: start one with snapflow worker, or name its queue with --task-queue or SNAPFLOW_TASK_QUEUE.`,
    'no-worker',
  );

/** A worker that polls takes a run up within a second. More is patience with one that is just starting. */
const PICK_UP_MS = 15_000;

interface Asked {
  readonly workflowId: string;
  readonly runId: string;
  /** How long the answer may take. Default: as long as the run takes, once a worker has taken it up. */
  readonly withinMs?: number;
}

/**
 * The end of a short run that a worker must pick up now, because its caller waits.
 * @throws TemporalUnavailable when no worker takes it up or the answer takes too long, or the signal's reason
 */
export const workerAnswer = async (
  link: TemporalLink,
  asked: Asked,
  signal: AbortSignal | undefined,
): Promise<RunOutcome> => {
  const over = new AbortController();
  const both = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]);
  const waits = [runOutcome(link, asked.workflowId, asked.runId, both), timeUp(link, asked, both)];
  try {
    const outcome = await Promise.race(waits);
    if (outcome !== undefined) return outcome;
    throw noWorker(link);
  } finally {
    over.abort();
    await Promise.allSettled(waits);
  }
};

const timeUp = async (
  link: TemporalLink,
  { workflowId, runId, withinMs }: Asked,
  signal: AbortSignal,
): Promise<undefined> => {
  await sleep(PICK_UP_MS, signal);
  const run = await describeLatestRun(link, workflowId, runId, signal);
  if (run !== undefined && run.historyLength <= 2) return;
  await (withinMs === undefined ? aborted(signal) : sleep(withinMs - PICK_UP_MS, signal));
};

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const reason = (): void => reject(signal.reason as Error);
    if (signal.aborted) reason();
    else signal.addEventListener('abort', reason, { once: true });
  });
