import { EFFECT_TIMES, isEnded, UNKNOWN_STATUS } from '../contract/service';
import { VsphereError, type VsphereErrorKind } from './errors';
import type { Appliance } from './snapservice';
import { ofUnknownStatus, type TaskInfo } from './tasks';
import { systemClock, type Clock } from './wire/limits';

/** What the next question about a task depends on. */
interface WatchedPace {
  /** Milliseconds since the task is watched here. */
  readonly ageMs: number;
  /** Milliseconds until its end by its own progress, when that can be told. */
  readonly remainingMs?: number;
  /** Tasks that are watched together. Default 1. */
  readonly crowd?: number;
}

/** A connection spends at most two polls a second on all waits together. An end is seen in 0.3 s. */
const SPACING_MS = 500;
/** Polls of many workers must not march in step. Later only, so that two a second stay the most. */
const JITTER = 0.1;
/** A task that shows no progress is still polled this often. */
const LONGEST_BLIND_MS = 5_000;
/** So is a task whose end is far, unless a crowd of watched tasks would delay those near their end. */
const LONGEST_MS = 20_000;
/** Tasks that are asked for in a second at ease: 110 in each of two polls, less what the urgent ones need. */
const ASKED_A_SECOND = 150;

/**
 * Milliseconds until the task wants to be asked for again. After its start, when most failures come, as long as it is
 * old. Then half of what remains by its own progress: a task of a minute is asked for about fourteen times.
 */
function pollDelayMs({ ageMs, remainingMs, crowd = 1 }: WatchedPace): number {
  const longestMs = Math.max(LONGEST_MS, (crowd / ASKED_A_SECOND) * 1_000);
  const wishMs =
    remainingMs === undefined
      ? Math.min(ageMs, LONGEST_BLIND_MS)
      : Math.min(ageMs, remainingMs / 2, longestMs);
  return Math.max(wishMs, SPACING_MS);
}

/** Milliseconds until a poll is tried again after failures in a row: 1 s doubling to 30 s. */
const retryPollDelayMs = (failures: number): number => Math.min(1_000 * 2 ** (failures - 1), 30_000);

/** Milliseconds that are left, by proportion of what is done to the time that it took. Unknown until something is done. */
function remainingOf({ progress }: Pick<TaskInfo, 'progress'>, ageMs: number): number | undefined {
  if (progress === undefined || progress.completed <= 0 || progress.total <= 0) return undefined;
  const done = Math.min(progress.completed / progress.total, 1);
  return (ageMs * (1 - done)) / done;
}

/** How a watched task ended: its terminal state, or that its record is gone. */
export type WatchedEnd = { readonly kind: 'ended'; readonly info: TaskInfo } | { readonly kind: 'gone' };

/** What a waiter is told meanwhile. `blocked`: the poll fails. The task itself may be fine. */
export type WatchNews =
  | { readonly kind: 'progress'; readonly info: TaskInfo }
  | { readonly kind: 'blocked'; readonly error: VsphereError };

/** A task with at least one waiting operation. */
export interface Watched {
  readonly taskId: string;
  readonly since: number;
  readonly tell: (news: WatchNews) => void;
  readonly settle: (end: WatchedEnd) => void;
  readonly fail: (error: unknown) => void;
  /** Stops listening for the waiter's abort. */
  readonly forget: () => void;
  /** When it wants to be asked for next. */
  dueMs: number;
  missingSince?: number;
  /** Its record could not be read: it is kept out of lists, and only its own wait is blocked. */
  isUnreadable?: true;
}

/** Ids of one question: about what fits a request line of 8 KiB, and far from the 1000 matches that a list may have. */
const IDS_A_CALL = 110;
/** Questions of one poll where more tasks are due than fit one: with two polls a second, ten calls a second at most. */
const CALLS_A_POLL = 5;

/** Which tasks to ask for: all if one call suffices, else the first due, in more calls only if more are due. */
function batchesOf(watched: readonly Watched[], now: number): readonly (readonly Watched[])[] {
  if (watched.length <= IDS_A_CALL) return [watched];
  const firstDue = watched.toSorted((a, b) => a.dueMs - b.dueMs);
  const batches = [firstDue.slice(0, IDS_A_CALL)];
  for (let from = IDS_A_CALL; batches.length < CALLS_A_POLL; from += IDS_A_CALL) {
    const next = firstDue.slice(from, from + IDS_A_CALL).filter(({ dueMs }) => dueMs < now);
    if (next.length === 0) break;
    batches.push(next);
  }
  return batches;
}

export interface TaskWatcherSeams {
  readonly clock?: Clock;
  /** Calls back once after these milliseconds. Returns its cancellation. */
  readonly schedule?: (delayMs: number, callback: () => void) => () => void;
  /** 0 to 1, for jitter. */
  readonly random?: () => number;
}

/** Tasks that a list left out and that are looked up one by one after it. The others have their turn with the next poll. */
const ALONE_A_LIST = 10;
/**
 * Failures that one task of a list may cause for all of them: its record or state cannot be read, or an operator named
 * an id that no server takes. Any other kind is the connection's, where single calls would only add to the trouble.
 */
const OF_ONE_TASK: readonly VsphereErrorKind[] = [
  'malformed',
  'invalid-argument',
  'forbidden',
  'server-error',
];

/**
 * The one poller of a connection. Every task says when it wants to be asked for next. A poll asks for all that are due
 * in one call, the most urgent first, so the calls do not grow with the tasks. One poll is in flight at most: a slow
 * appliance is asked less, never more. A failed poll is news, never an end. See docs/decisions/0012-one-question-a-poll.md.
 */
export class TaskWatcher {
  private readonly watched = new Set<Watched>();
  private readonly clock: Clock;
  private readonly schedule: (delayMs: number, callback: () => void) => () => void;
  private readonly random: () => number;
  private timer: { readonly due: number; readonly cancel: () => void } | undefined;
  private polling = false;
  private lastPollMs = -Infinity;
  private failures = 0;
  /** What the last failure asked for with Retry-After. */
  private retryAfterMs = 0;

  constructor(
    private readonly appliance: Pick<Appliance, 'listTasks' | 'getTask'>,
    seams: TaskWatcherSeams = {},
  ) {
    this.clock = seams.clock ?? systemClock;
    this.schedule = seams.schedule ?? scheduleTimer;
    this.random = seams.random ?? Math.random;
  }

  /** Tasks watched now. */
  get size(): number {
    return this.watched.size;
  }

  /** Waits for the task's end, telling news meanwhile. Rejects only when `signal` aborts. */
  watch(taskId: string, tell: (news: WatchNews) => void, signal: AbortSignal): Promise<WatchedEnd> {
    return new Promise((resolve, reject) => {
      const abort = () => this.end(entry, () => reject(signal.reason as Error));
      const forget = () => signal.removeEventListener('abort', abort);
      const since = this.clock.monotonicMs();
      const entry: Watched = {
        taskId,
        since,
        dueMs: since + pollDelayMs({ ageMs: 0 }),
        tell,
        settle: resolve,
        fail: reject,
        forget,
      };
      if (signal.aborted) return abort();
      signal.addEventListener('abort', abort, { once: true });
      this.watched.add(entry);
      if (this.failures === 0) this.armFor(entry.dueMs);
      return undefined;
    });
  }

  /** Sets the next poll for then, but not sooner than polls may follow each other. */
  private armFor(dueMs: number): void {
    this.arm(Math.max(dueMs, this.lastPollMs + SPACING_MS) - this.clock.monotonicMs());
  }

  /** Sets the next poll, a little later than asked for, unless one is set for sooner or in flight. */
  private arm(delayMs: number): void {
    const due = this.clock.monotonicMs() + Math.max(delayMs, 0) * (1 + this.random() * JITTER);
    if (this.polling || (this.timer !== undefined && this.timer.due <= due)) return;
    this.timer?.cancel();
    const cancel = this.schedule(due - this.clock.monotonicMs(), () => void this.poll());
    this.timer = { due, cancel };
  }

  private armNext(): void {
    if (this.failures > 0) return this.arm(Math.max(retryPollDelayMs(this.failures), this.retryAfterMs));
    let dueMs = Infinity;
    for (const entry of this.watched) dueMs = Math.min(dueMs, entry.dueMs);
    if (dueMs < Infinity) this.armFor(dueMs);
  }

  private async poll(): Promise<void> {
    this.timer = undefined;
    if (this.watched.size === 0) {
      this.failures = 0;
      return;
    }
    this.polling = true;
    this.lastPollMs = this.clock.monotonicMs();
    try {
      for (const batch of batchesOf([...this.watched], this.lastPollMs)) await this.ask(batch);
      this.failures = 0;
    } catch (error) {
      this.failures += 1;
      this.retryAfterMs = (error instanceof VsphereError && error.retryAfterMs) || 0;
      this.report(error);
    } finally {
      this.polling = false;
      this.armNext();
    }
  }

  /** A programming error would repeat for ever unseen, so it ends the waits. The server's failures do not. */
  private report(error: unknown): void {
    for (const entry of this.watched) {
      if (error instanceof VsphereError) entry.tell({ kind: 'blocked', error });
      else this.end(entry, () => entry.fail(error));
    }
  }

  /** One call for all that can be read in a list. Whom it leaves out and what cannot be read is looked up alone. */
  private async ask(entries: readonly Watched[]): Promise<void> {
    const listed = await this.list(entries.filter(({ isUnreadable }) => isUnreadable !== true));
    const now = this.clock.monotonicMs();
    const alone: Watched[] = [];
    for (const entry of entries) {
      const info = listed.get(entry.taskId);
      if (info !== undefined) this.take(entry, info);
      // A list may lag or leave a task out: only its own record says that it has ended or is gone.
      else if (entry.isUnreadable !== true || entry.dueMs <= now) alone.push(entry);
    }
    const longestDue = alone.toSorted((a, b) => a.dueMs - b.dueMs).slice(0, ALONE_A_LIST);
    const unreadable: VsphereError[] = [];
    for (const entry of longestDue) unreadable.push(...(await this.askAlone(entry)));
    // Where none of several can be read not the records are at fault but the server, which is asked less.
    const [error, another] = unreadable;
    if (another !== undefined && listed.size === 0 && unreadable.length === longestDue.length) throw error;
  }

  /** One task that cannot be read makes the whole list so: then each is looked up alone. */
  private async list(entries: readonly Watched[]): Promise<ReadonlyMap<string, TaskInfo>> {
    if (entries.length === 0) return new Map();
    try {
      const ids = new Set(entries.map(({ taskId }) => taskId));
      const { items } = await this.appliance.listTasks({ tasks: [...ids] });
      return new Map(items.map(({ taskId, info }) => [taskId, info]));
    } catch (error) {
      if (!isOfKind(error, OF_ONE_TASK)) throw error;
      return new Map();
    }
  }

  /** Gives the error where its record could not be read, and nothing where it was, or is missing. */
  private async askAlone(entry: Watched): Promise<readonly VsphereError[]> {
    if (!this.watched.has(entry)) return [];
    try {
      this.take(entry, await this.appliance.getTask(entry.taskId));
    } catch (error) {
      if (isOfKind(error, OF_ONE_TASK)) {
        entry.isUnreadable = true;
        this.block(entry, error);
        return [error];
      }
      if (!isOfKind(error, ['not-found'])) throw error;
      this.takeMissing(entry);
    }
    return [];
  }

  private block(entry: Watched, error: VsphereError): void {
    const now = this.clock.monotonicMs();
    entry.dueMs = now + pollDelayMs({ ageMs: now - entry.since });
    entry.tell({ kind: 'blocked', error });
  }

  private takeMissing(entry: Watched): void {
    const now = this.clock.monotonicMs();
    entry.missingSince ??= now;
    entry.dueMs = now + pollDelayMs({ ageMs: now - entry.missingSince });
    if (now - entry.missingSince >= EFFECT_TIMES.visibleWithinMs)
      this.end(entry, () => entry.settle({ kind: 'gone' }));
  }

  private take(entry: Watched, info: TaskInfo): void {
    if (!this.watched.has(entry)) return;
    delete entry.missingSince;
    delete entry.isUnreadable;
    if (info.status === UNKNOWN_STATUS) return this.block(entry, ofUnknownStatus(entry.taskId, info));
    if (isEnded(info.status)) return this.end(entry, () => entry.settle({ kind: 'ended', info }));
    const now = this.clock.monotonicMs();
    const ageMs = now - entry.since;
    const remainingMs = remainingOf(info, ageMs);
    const crowd = this.watched.size;
    entry.dueMs =
      now + pollDelayMs(remainingMs === undefined ? { ageMs, crowd } : { ageMs, crowd, remainingMs });
    entry.tell({ kind: 'progress', info });
  }

  private end(entry: Watched, settle: () => void): void {
    this.watched.delete(entry);
    entry.forget();
    settle();
  }
}

function isOfKind(error: unknown, kinds: readonly VsphereErrorKind[]): error is VsphereError {
  return error instanceof VsphereError && kinds.includes(error.kind);
}

function scheduleTimer(delayMs: number, callback: () => void): () => void {
  const timer = setTimeout(callback, delayMs);
  return () => clearTimeout(timer);
}
