import { ActivityFailure, TimeoutFailure, type ActivityOptions } from '@temporalio/common';
import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../contract/activities';
import { omitUndefined } from '../contract/omit-undefined';
import { DEFAULT_CONNECTION, OPERATIONS, siteQueue, waitQueue, type Operation } from '../contract/operations';
import { summaryText } from '../contract/text';
import type { Status } from './status';

/** An attempt's bound: each call has a deadline of its own, and a busy host's calls wait for each other. */
const READ_ATTEMPT_MS = 600_000;
/** How soon the death of a worker that reads is noticed. Attempts shorter than this heartbeat not at all. */
const READ_HEARTBEAT_MS = 10_000;
/** A wait is bounded by the task's end alone. The server wants a number, and a longer wait is simply repeated. */
const WAIT_ATTEMPT_MS = 30 * 24 * 3_600_000;
/** Queueing and waiting are idle: a dead worker may be noticed later there. */
const QUEUE_HEARTBEAT_MS = 30_000;

/**
 * Retried for as long as it takes: whether an error is final is decided by the activity, by error and phase, so that an
 * outage of our own workers never uses up a budget. The longest pause is short, as whatever met an outage is to go on soon
 * after it. Repeated attempts take no room in a history.
 */
const PATIENT = { initialInterval: 1_000, backoffCoefficient: 2, maximumInterval: 20_000 } as const;

const calls = ({ summary, ...options }: CallOptions) =>
  proxyActivities<Activities>({ ...options, summary: summaryText(summary) });

const READ = { startToCloseTimeout: READ_ATTEMPT_MS, heartbeatTimeout: READ_HEARTBEAT_MS } as const;

/** @param attempts none: for as long as it takes */
export const reading = (summary: string, attempts?: number): Activities =>
  calls({
    ...READ,
    summary,
    retry: { ...PATIENT, ...omitUndefined({ maximumAttempts: attempts }) },
  });

type CallOptions = ActivityOptions & { readonly summary: string };

/** How a request is checked: as any other read. */
export const checkOptions = (summary: string): CallOptions => ({ ...READ, summary, retry: PATIENT });

/**
 * A check before a change: at once where the connection has a place for it, else in its turn on the connection's queue.
 * The first try tells, too, that no worker knows the connection. A queue of such a one would never be polled.
 */
export async function inTurn<T>(
  connection: string | undefined,
  options: CallOptions,
  check: (activities: Activities) => Promise<T | undefined>,
): Promise<T> {
  const atOnce = await check(calls(options));
  if (atOnce !== undefined) return atOnce;
  const taskQueue = siteQueue(workflowInfo().taskQueue, connection ?? DEFAULT_CONNECTION, 'checks');
  const inTurn = await check(calls({ ...options, taskQueue }));
  if (inTurn === undefined) throw new Error('unreachable: that queue keeps a place for each of its checks');
  return inTurn;
}

/** Attempts that fail before a step is shown as blocked: about 15 s. */
const ATTEMPTS_UNTIL_SHOWN = 5;

/**
 * A read or an undo after a possible effect: retried for as long as it takes, and shown as blocked after some failures.
 * Only what its activity marks as final fails.
 * @param attempts of those that show as blocked. When they are used up, the last failure is thrown
 */
export async function patiently<T>(
  summary: string,
  status: Status,
  call: (activities: Activities) => Promise<T>,
  attempts?: number,
): Promise<T> {
  try {
    return await call(reading(summary, ATTEMPTS_UNTIL_SHOWN));
  } catch (error) {
    if (!usedUp(error)) throw error;
    const why = error.cause?.message ?? error.message;
    return status.whileBlocked(summary, why, () => call(reading(summary, attempts)));
  }
}

/** Whether a step has failed in each of its attempts. None of these failures was final. */
export const usedUp = (error: unknown): error is ActivityFailure =>
  error instanceof ActivityFailure && error.retryState === 'MAXIMUM_ATTEMPTS_REACHED';

/** A person waits for it, and for an outage there is the next answer: two attempts of the longest call or so. */
const ANSWER_CHECK_MS = 20_000;
const ANSWER_ATTEMPT_MS = 12_000;

export const checkingAnswer = (summary: string) =>
  calls({
    summary,
    startToCloseTimeout: ANSWER_ATTEMPT_MS,
    scheduleToCloseTimeout: ANSWER_CHECK_MS,
    retry: PATIENT,
  });

/** Where and how a start is called. */
interface StartCall {
  readonly operation: Operation;
  readonly connection: string;
  readonly startToCloseMs: number;
  /** Before all others that wait there, whatever their priorities. */
  readonly isFirst: boolean;
}

/** The highest of Temporal's priorities. Callers begin at the next one. */
const FIRST = 1;

/**
 * Temporal's name of that time-out. A paused activity whose attempt fails is kept for another one, whatever the most is,
 * and a cancel ends it as one that never began. What is never retried ends at once.
 */
const START_TO_CLOSE = 'TemporalTimeout:StartToClose';

/**
 * One attempt only: an attempt cannot know whether the one before it posted. It waits on the connection's queue of such
 * starts until there is a place for its task.
 */
export const starting = (summary: string, { operation, connection, startToCloseMs, isFirst }: StartCall) =>
  calls({
    summary,
    ...(isFirst ? { priority: { priorityKey: FIRST } } : {}),
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    taskQueue: siteQueue(workflowInfo().taskQueue, connection, OPERATIONS[operation].starts),
    startToCloseTimeout: startToCloseMs,
    retry: { maximumAttempts: 1, nonRetryableErrorTypes: [START_TO_CLOSE] },
  });

/** @param beginsWithinMs without a slot for so long it fails, see `neverBegan`. Absent: it queues for as long as it takes */
export const waiting = (summary: string, heartbeatTimeoutMs: number, beginsWithinMs?: number) =>
  calls({
    summary,
    ...omitUndefined({ scheduleToStartTimeout: beginsWithinMs }),
    startToCloseTimeout: WAIT_ATTEMPT_MS,
    heartbeatTimeout: heartbeatTimeoutMs,
    taskQueue: waitQueue(workflowInfo().taskQueue),
    retry: { ...PATIENT, maximumInterval: 10_000 },
  });

/** Whether no worker had a slot for an attempt in time. */
export const neverBegan = (error: unknown): boolean =>
  error instanceof ActivityFailure &&
  error.cause instanceof TimeoutFailure &&
  error.cause.timeoutType === 'SCHEDULE_TO_START';

export const queueing = (summary: string) => waiting(summary, QUEUE_HEARTBEAT_MS);
