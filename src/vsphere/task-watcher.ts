import type { Appliance } from './appliance';
import { systemClock, type Clock } from './clock';
import { JITTER, pollDelayMs, retryPollDelayMs, SPACING_MS, type WatchedPace } from './poll-delay';
import { UNKNOWN_STATUS, type TaskInfo } from './task-info';
import { VsphereError, type VsphereErrorKind } from './vsphere-error';

/** How a watched task ended: its terminal state, or that its record is gone. */
export type WatchedEnd = { readonly kind: 'ended'; readonly info: TaskInfo } | { readonly kind: 'gone' };

/** What a waiter is told meanwhile. `blocked`: the poll fails; the task itself may be fine. */
export type WatchNews =
  | { readonly kind: 'progress'; readonly info: TaskInfo }
  | { readonly kind: 'blocked'; readonly error: VsphereError };

export interface TaskWatcherSeams {
  readonly clock?: Clock;
  /** Calls back once after so many milliseconds; returns how to call it off. */
  readonly schedule?: (delayMs: number, callback: () => void) => () => void;
  /** 0 to 1, for jitter. */
  readonly random?: () => number;
}

interface Watched {
  readonly taskId: string;
  readonly since: number;
  readonly tell: (news: WatchNews) => void;
  readonly settle: (end: WatchedEnd) => void;
  readonly fail: (error: unknown) => void;
  /** Stops listening for the waiter's abort. */
  readonly forget: () => void;
  /** When it wants to be asked for next. */
  dueMs: number;
  /** By what the tasks are ordered where one call cannot ask for all: when due, a young or nearly ended one sooner. */
  rankMs: number;
  missingSince?: number;
}

const OPEN: readonly TaskInfo['status'][] = ['PENDING', 'RUNNING', 'BLOCKED'];
/** Ids of one question: about what fits a request line of 8 KiB, and far from the 1000 matches that a list may have. */
const IDS_A_CALL = 110;
/** Questions of one poll where more tasks are late than fit one: with two polls a second, ten calls a second at most. */
const CALLS_A_POLL = 5;
/** A task that waits for so long beyond its time is worth another question. */
const LATE_MS = 2_000;
/** Tasks that a list left out and that are looked up one by one in a poll; the others have their turn with the next. */
const ALONE_A_POLL = 10;
/** A record may appear this long after the task was accepted; only then a 404 means that it is gone. */
const VISIBLE_WITHIN_MS = 15_000;

/**
 * The one poller of a connection. Every task says when it wants to be asked for next; a poll asks for all that are due
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
        ...dueAfter(since, { ageMs: 0 }),
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
    if (this.failures > 0) return this.arm(retryPollDelayMs(this.failures));
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
      for (const batch of this.batches()) await this.ask(batch);
      this.failures = 0;
    } catch (error) {
      this.failures += 1;
      this.report(error);
    } finally {
      this.polling = false;
      this.armNext();
    }
  }

  /** Whom to ask for: everybody where one call suffices, else the most urgent, and more of them only where many are late. */
  private batches(): readonly (readonly Watched[])[] {
    if (this.watched.size <= IDS_A_CALL) return [[...this.watched]];
    const lateMs = this.clock.monotonicMs() - LATE_MS;
    const urgent = [...this.watched].toSorted((a, b) => a.rankMs - b.rankMs);
    const batches = [urgent.slice(0, IDS_A_CALL)];
    for (let from = IDS_A_CALL; batches.length < CALLS_A_POLL; from += IDS_A_CALL) {
      const next = urgent.slice(from, from + IDS_A_CALL).filter(({ dueMs }) => dueMs < lateMs);
      if (next.length === 0) break;
      batches.push(next);
    }
    return batches;
  }

  /** A programming error would repeat for ever unseen, so it ends the waits; the server's failures do not. */
  private report(error: unknown): void {
    for (const entry of this.watched) {
      if (error instanceof VsphereError) entry.tell({ kind: 'blocked', error });
      else this.end(entry, () => entry.fail(error));
    }
  }

  private async ask(entries: readonly Watched[]): Promise<void> {
    const byId = await this.listed(new Set(entries.map(({ taskId }) => taskId)));
    const missing: Watched[] = [];
    for (const entry of entries) {
      const info = byId.get(entry.taskId);
      if (info === undefined) missing.push(entry);
      else this.take(entry, info);
    }
    // A list may lag or leave a task out: only its own record says that it has ended or is gone.
    const longestDue = missing.toSorted((a, b) => a.dueMs - b.dueMs);
    for (const entry of longestDue.slice(0, ALONE_A_POLL)) await this.askAlone(entry);
  }

  /** One record that cannot be read makes the whole list so: then each is asked for alone, and only its own wait is blocked. */
  private async listed(ids: ReadonlySet<string>): Promise<ReadonlyMap<string, TaskInfo>> {
    try {
      const listed = await this.appliance.listTasks({ tasks: [...ids] });
      return new Map(listed.map(({ taskId, info }) => [taskId, info]));
    } catch (error) {
      if (!isOfKind(error, 'malformed')) throw error;
      return new Map();
    }
  }

  private async askAlone(entry: Watched): Promise<void> {
    if (!this.watched.has(entry)) return;
    try {
      this.take(entry, await this.appliance.getTask(entry.taskId));
    } catch (error) {
      if (isOfKind(error, 'not-found')) this.takeMissing(entry);
      else if (isOfKind(error, 'malformed')) this.takeUnreadable(entry, error);
      else throw error;
    }
  }

  private takeUnreadable(entry: Watched, error: VsphereError): void {
    const now = this.clock.monotonicMs();
    Object.assign(entry, dueAfter(now, { ageMs: now - entry.since }));
    entry.tell({ kind: 'blocked', error });
  }

  private takeMissing(entry: Watched): void {
    const now = this.clock.monotonicMs();
    entry.missingSince ??= now;
    Object.assign(entry, dueAfter(now, { ageMs: now - entry.missingSince }));
    if (now - entry.missingSince >= VISIBLE_WITHIN_MS) this.end(entry, () => entry.settle({ kind: 'gone' }));
  }

  private take(entry: Watched, info: TaskInfo): void {
    if (!this.watched.has(entry)) return;
    delete entry.missingSince;
    if (info.status === UNKNOWN_STATUS)
      return this.takeUnreadable(entry, ofUnknownStatus(entry.taskId, info));
    if (!OPEN.includes(info.status)) return this.end(entry, () => entry.settle({ kind: 'ended', info }));
    const now = this.clock.monotonicMs();
    const ageMs = now - entry.since;
    const remainingMs = remainingOf(info, ageMs);
    const crowd = this.watched.size;
    Object.assign(
      entry,
      dueAfter(now, remainingMs === undefined ? { ageMs, crowd } : { ageMs, crowd, remainingMs }),
    );
    entry.tell({ kind: 'progress', info });
  }

  private end(entry: Watched, settle: () => void): void {
    this.watched.delete(entry);
    entry.forget();
    settle();
  }
}

function isOfKind(error: unknown, kind: VsphereErrorKind): error is VsphereError {
  return error instanceof VsphereError && error.kind === kind;
}

/** Whether it works or has ended cannot be told, so it is asked again: neither may be assumed. */
function ofUnknownStatus(taskId: string, { oddStatus = '' }: TaskInfo): VsphereError {
  const remedy = 'look at the task in vSphere, and for a release of Snapflow that knows the status';
  return new VsphereError(
    `task ${taskId} has the status "${oddStatus}", which is not one of the snapshot service: ${remedy}.`,
    { kind: 'malformed', effect: 'none', operation: 'tasks.get', host: 'appliance', remedy },
  );
}

function dueAfter(now: number, pace: WatchedPace): Pick<Watched, 'dueMs' | 'rankMs'> {
  const delayMs = pollDelayMs(pace);
  const dueMs = now + delayMs;
  return { dueMs, rankMs: delayMs > SPACING_MS ? dueMs : dueMs - LATE_MS };
}

/** By proportion of what is done to the time that it took here; unknown until something is done. */
function remainingOf({ progress }: TaskInfo, ageMs: number): number | undefined {
  if (progress === undefined || progress.completed <= 0 || progress.total <= 0) return undefined;
  const done = Math.min(progress.completed / progress.total, 1);
  return (ageMs * (1 - done)) / done;
}

function scheduleTimer(delayMs: number, callback: () => void): () => void {
  const timer = setTimeout(callback, delayMs);
  return () => clearTimeout(timer);
}
