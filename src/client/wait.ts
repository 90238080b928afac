import { setTimeout as delay } from 'node:timers/promises';
import { omitUndefined } from '../contract/omit-undefined';
import type { TemporalLink } from './temporal-calls';
import { runOutcome, describeLatestRun, type RunOutcome } from './describe';
import { TemporalUnavailable } from './errors';
import type { OperationOverview, OperationResult } from './operation-views';

/** Waits with a jitter of a fifth, so that many waiters do not ask the server in step. Rejects with the signal's reason. */
export async function sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
  const jitteredMs = durationMs * (0.9 + Math.random() * 0.2);
  try {
    await delay(jitteredMs, undefined, omitUndefined({ signal }));
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

/** A server upgrade or a failover takes a minute or two. */
const OUTAGE_MS = 5 * 60_000;
const RETRY_INTERVAL_MS = 2_000;

/**
 * Repeats a read while the Temporal server does not answer: an operation outlives such an outage, so a wait for it does
 * too. After five minutes without an answer the error is the caller's.
 */
export async function retryWhileUnavailable<Answer>(
  read: () => Promise<Answer>,
  signal?: AbortSignal,
): Promise<Answer> {
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
}

/** A safety wait comes before most questions, so an earlier look would find none. */
const FIRST_LOOK_MS = 10_000;
/** A decision takes a person: a minute does not matter, a thousand waiters do. */
const LOOK_INTERVAL_MS = 60_000;

/** Of an operation's handle what waiting needs. */
interface Watched<Result> {
  readonly workflowId: string;
  readonly runId: string;
  overview(options: { readonly signal?: AbortSignal }): Promise<OperationOverview<Result>>;
}

/** The value that a run has returned, else how the operation stands: it has ended otherwise, or needs a decision. */
export type Awaited<Result> =
  { readonly returned: unknown } | { readonly overview: OperationOverview<Result> };

interface WaitForEndOptions {
  readonly signal?: AbortSignal | undefined;
  /** The run was started a moment ago: it stands as it was started, and nothing need be asked first. */
  readonly isNew: boolean;
}

/**
 * Waits until an operation has ended or needs a decision. The end and its value arrive by a long poll, which costs
 * nothing. Whether it needs a decision is looked up now and then.
 */
export async function waitForEnd<Result extends OperationResult>(
  link: TemporalLink,
  handle: Watched<Result>,
  { signal, isNew }: WaitForEndOptions,
): Promise<Awaited<Result>> {
  let run: RunOfOperation = handle;
  for (let mayWait = isNew; ; mayWait = true) {
    if (mayWait) {
      const outcome = await endOrDecision(link, handle, run, signal);
      if (outcome?.kind === 'returned') return { returned: outcome.value };
    }
    const overview = await retryWhileUnavailable(() => handle.overview(optional(signal)), signal);
    if (isOver(overview)) return { overview };
    run = overview.status;
  }
}

interface RunOfOperation {
  readonly workflowId: string;
  readonly runId: string;
}

/** Returns when that run has closed, with its outcome, or the operation was seen to need a decision. */
async function endOrDecision<Result extends OperationResult>(
  link: TemporalLink,
  handle: Watched<Result>,
  { workflowId, runId }: RunOfOperation,
  signal: AbortSignal | undefined,
): Promise<RunOutcome | undefined> {
  const over = new AbortController();
  const both = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]);
  const waits = [
    retryWhileUnavailable(() => runOutcome(link, workflowId, runId, both), both),
    untilOver(handle, both),
  ];
  try {
    return await Promise.race(waits);
  } finally {
    over.abort();
    await Promise.allSettled(waits);
  }
}

async function untilOver<Result extends OperationResult>(
  handle: Watched<Result>,
  signal: AbortSignal,
): Promise<undefined> {
  for (let intervalMs = FIRST_LOOK_MS; ; intervalMs = LOOK_INTERVAL_MS) {
    await sleep(intervalMs, signal);
    if (isOver(await retryWhileUnavailable(() => handle.overview({ signal }), signal))) return;
  }
}

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
export async function workerAnswer(
  link: TemporalLink,
  asked: Asked,
  signal: AbortSignal | undefined,
): Promise<RunOutcome> {
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
}

async function timeUp(
  link: TemporalLink,
  { workflowId, runId, withinMs }: Asked,
  signal: AbortSignal,
): Promise<undefined> {
  await sleep(PICK_UP_MS, signal);
  const run = await describeLatestRun(link, workflowId, runId, signal);
  if (run !== undefined && run.historyLength <= 2) return;
  await (withinMs === undefined ? aborted(signal) : sleep(withinMs - PICK_UP_MS, signal));
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const reason = (): void => reject(signal.reason as Error);
    if (signal.aborted) reason();
    else signal.addEventListener('abort', reason, { once: true });
  });
