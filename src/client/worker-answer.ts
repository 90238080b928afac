import { runOutcome, type RunOutcome } from './closed-run';
import { describeRun } from './describe-run';
import { noWorker } from './no-worker';
import { sleep } from './sleep';
import type { TemporalLink } from './temporal-link';

/** A worker that polls takes a run up within a second; more is patience with one that is just starting. */
const PICK_UP_MS = 15_000;

interface Asked {
  readonly workflowId: string;
  readonly runId: string;
  /** How long the answer may take. Default: as long as the run takes, once a worker has taken it up. */
  readonly withinMs?: number;
}

/**
 * How a short run ends that a worker must take up now, because somebody waits for it.
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
  const run = await describeRun(link, workflowId, runId, signal);
  if (run !== undefined && run.historyLength <= 2) return;
  await (withinMs === undefined ? aborted(signal) : sleep(withinMs - PICK_UP_MS, signal));
};

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const reason = (): void => reject(signal.reason as Error);
    if (signal.aborted) reason();
    else signal.addEventListener('abort', reason, { once: true });
  });
