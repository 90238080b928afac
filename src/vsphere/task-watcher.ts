import { VM_TASK_SERVICE, type Appliance, type ListedTask } from './appliance';
import { systemClock, type Clock } from './clock';
import { pollDelayMs, retryPollDelayMs } from './poll-delay';
import type { TaskInfo, TaskStatus } from './task-info';
import { VsphereError } from './vsphere-error';

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
  missingSince?: number;
  remainingMs?: number;
}

const OPEN: readonly TaskStatus[] = ['PENDING', 'RUNNING', 'BLOCKED'];
/** Up to so many ids are asked for by id (about one 8 KiB request line); beyond, one list of all open tasks is shorter. */
const ASK_BY_ID_UP_TO = 100;
/** A record may appear this long after the task was accepted; only then a 404 means that it is gone. */
const VISIBLE_WITHIN_MS = 15_000;

/**
 * The one poller of a connection: it asks once for every waiting operation. One poll is in flight at most, so a slow
 * appliance is asked less, never more. A failed poll is news, never an end.
 */
export class TaskWatcher {
  private readonly watched = new Set<Watched>();
  private readonly clock: Clock;
  private readonly schedule: (delayMs: number, callback: () => void) => () => void;
  private readonly random: () => number;
  private timer: { readonly due: number; readonly cancel: () => void } | undefined;
  private polling = false;
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
      const entry: Watched = { taskId, since, tell, settle: resolve, fail: reject, forget };
      if (signal.aborted) return abort();
      signal.addEventListener('abort', abort, { once: true });
      this.watched.add(entry);
      if (this.failures === 0) this.arm(pollDelayMs({ ageMs: 0 }));
      return undefined;
    });
  }

  /** Sets the next poll for then, unless one is set for sooner or in flight. */
  private arm(delayMs: number): void {
    const due = this.clock.monotonicMs() + delayMs * (0.8 + this.random() * 0.2);
    if (this.polling || (this.timer !== undefined && this.timer.due <= due)) return;
    this.timer?.cancel();
    const cancel = this.schedule(due - this.clock.monotonicMs(), () => void this.poll());
    this.timer = { due, cancel };
  }

  private armNext(): void {
    if (this.failures > 0) return this.arm(retryPollDelayMs(this.failures));
    const now = this.clock.monotonicMs();
    let delayMs = Infinity;
    for (const entry of this.watched)
      delayMs = Math.min(delayMs, pollDelayMs({ ...entry, ageMs: now - entry.since }));
    if (delayMs < Infinity) this.arm(delayMs);
  }

  private async poll(): Promise<void> {
    this.timer = undefined;
    if (this.watched.size === 0) {
      this.failures = 0;
      return;
    }
    this.polling = true;
    try {
      await this.ask([...this.watched]);
      this.failures = 0;
    } catch (error) {
      this.failures += 1;
      this.report(error);
    } finally {
      this.polling = false;
      this.armNext();
    }
  }

  /** A programming error would repeat for ever unseen, so it ends the waits; the server's failures do not. */
  private report(error: unknown): void {
    for (const entry of this.watched) {
      if (error instanceof VsphereError) entry.tell({ kind: 'blocked', error });
      else this.end(entry, () => entry.fail(error));
    }
  }

  private async ask(entries: readonly Watched[]): Promise<void> {
    const byId = new Map((await this.list(entries)).map(({ taskId, info }) => [taskId, info]));
    const missing = entries.filter(({ taskId }) => !byId.has(taskId));
    for (const entry of entries) {
      const info = byId.get(entry.taskId);
      if (info !== undefined) this.take(entry, info);
    }
    // A list may lag or leave a task out: only its own record says that it has ended or is gone.
    for (const entry of missing) await this.askAlone(entry);
  }

  private async list(entries: readonly Watched[]): Promise<readonly ListedTask[]> {
    const ids = [...new Set(entries.map(({ taskId }) => taskId))];
    if (ids.length <= ASK_BY_ID_UP_TO) return this.appliance.listTasks({ tasks: ids });
    const open = await this.openTasks();
    const listed = new Set(open.map(({ taskId }) => taskId));
    const rest = ids.filter((taskId) => !listed.has(taskId));
    return rest.length === 0 ? open : [...open, ...(await this.appliance.listTasks({ tasks: rest }))];
  }

  /** None where the service is too full of foreign tasks to be listed: then everything is asked for by id. */
  private async openTasks(): Promise<readonly ListedTask[]> {
    try {
      return await this.appliance.listTasks({ services: [VM_TASK_SERVICE], statuses: OPEN });
    } catch (error) {
      if (error instanceof VsphereError && error.errorType === 'RESOURCE_INACCESSIBLE') return [];
      throw error;
    }
  }

  private async askAlone(entry: Watched): Promise<void> {
    if (!this.watched.has(entry)) return;
    try {
      this.take(entry, await this.appliance.getTask(entry.taskId));
    } catch (error) {
      if (!(error instanceof VsphereError) || error.kind !== 'not-found') throw error;
      this.takeMissing(entry);
    }
  }

  private takeMissing(entry: Watched): void {
    const now = this.clock.monotonicMs();
    entry.missingSince ??= now;
    if (now - entry.missingSince >= VISIBLE_WITHIN_MS) this.end(entry, () => entry.settle({ kind: 'gone' }));
  }

  private take(entry: Watched, info: TaskInfo): void {
    if (!this.watched.has(entry)) return;
    delete entry.missingSince;
    if (!OPEN.includes(info.status)) return this.end(entry, () => entry.settle({ kind: 'ended', info }));
    const remainingMs = remainingOf(info, this.clock.monotonicMs() - entry.since);
    if (remainingMs === undefined) delete entry.remainingMs;
    else entry.remainingMs = remainingMs;
    entry.tell({ kind: 'progress', info });
  }

  private end(entry: Watched, settle: () => void): void {
    this.watched.delete(entry);
    entry.forget();
    settle();
  }
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
