import { runOutcome } from './closed-run';
import type { OperationHandle } from './operation-handle';
import type { OperationOverview } from './operation-overview';
import type { OperationResult } from './operation-status';
import { sleep } from './sleep';
import type { TemporalLink } from './temporal-link';
import { throughOutage } from './through-outage';

/** A decision takes a person: seconds do not matter, a thousand waiters do. */
const FIRST_LOOK_MS = 1_000;
const MAX_LOOK_MS = 10_000;

/**
 * Waits until an operation has ended or needs a decision. The end arrives by a long poll, which costs nothing; whether
 * it needs a decision is looked up now and then.
 */
export const waitForEnd = async <Result extends OperationResult>(
  link: TemporalLink,
  handle: OperationHandle<Result>,
  signal?: AbortSignal,
): Promise<OperationOverview<Result>> => {
  let current = await throughOutage(() => handle.overview(optional(signal)), signal);
  while (!isOver(current)) {
    await closedOrUndecided(link, handle, current, signal);
    current = await throughOutage(() => handle.overview(optional(signal)), signal);
  }
  return current;
};

/** Returns when the run that was current has closed, or the operation was seen to need a decision. */
const closedOrUndecided = async <Result extends OperationResult>(
  link: TemporalLink,
  handle: OperationHandle<Result>,
  { status: { workflowId, runId } }: OperationOverview<Result>,
  signal: AbortSignal | undefined,
): Promise<void> => {
  const over = new AbortController();
  const both = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]);
  const waits = [
    throughOutage(() => runOutcome(link, workflowId, runId, both), both),
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
  handle: OperationHandle<Result>,
  signal: AbortSignal,
): Promise<void> => {
  for (let intervalMs = FIRST_LOOK_MS; ; intervalMs = Math.min(intervalMs * 2, MAX_LOOK_MS)) {
    await sleep(intervalMs, signal);
    if (isOver(await throughOutage(() => handle.overview({ signal }), signal))) return;
  }
};

const isOver = ({ status, closedAt }: OperationOverview<unknown>): boolean =>
  closedAt !== undefined || status.state === 'needs-decision';

const optional = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { signal });
