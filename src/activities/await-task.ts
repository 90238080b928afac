import { Context } from '@temporalio/activity';
import type { AwaitTaskInput, Waited } from '../contract/activities';
import { omitUndefined } from '../contract/omit-undefined';
import type { Progress } from '../contract/progress';
import type { WatchNews, TaskInfo, WatchedEnd } from '../vsphere';
import type { Connection } from './connection';
import { ownRunId } from './context';
import { triedForMs } from './same-site';
import { verifiedEnd } from './verify';

/** A wait that has read nothing for this long shows its run as blocked. Shorter outages are not worth an event. */
const SHOWN_AS_BLOCKED_AFTER_MS = 30_000;

interface Blocked {
  readonly taskId: string;
  readonly runId: string;
  /** Whether the run shows it already. */
  readonly shown: boolean;
  readonly unreadableBudgetMs: number;
  readonly leastShownMs?: number;
}

/** Tells when a wait becomes blocked, or is no longer, or will hardly ever read anything. */
export class BlockedDetector {
  private readonly shownSince = performance.now();
  private since: number | undefined;
  private unreadableSince: number | undefined;

  constructor(
    private readonly blocked: Blocked,
    /** This attempt's: the news come from the watcher's poll, where the current context is another attempt's. */
    private readonly log: Context['log'],
    private readonly change: (waited: Waited) => void,
  ) {}

  onUpdate(news: WatchNews): void {
    if (news.kind === 'progress') {
      this.since = undefined;
      this.unreadableSince = undefined;
      if (this.blocked.shown && this.hasLasted) this.change({ kind: 'unblocked' });
      return;
    }
    const { taskId, runId, shown, unreadableBudgetMs } = this.blocked;
    this.since ??= performance.now();
    // Only while the server is there and answers: an outage says nothing about what can be read.
    this.unreadableSince =
      news.error.kind === 'malformed' ? (this.unreadableSince ?? performance.now()) : undefined;
    if (shown && performance.now() - (this.unreadableSince ?? Infinity) >= unreadableBudgetMs)
      return this.change({ kind: 'unreadable', taskId, runId, message: news.error.message });
    if (shown || performance.now() - this.since < SHOWN_AS_BLOCKED_AFTER_MS) return;
    if (!this.hasLasted) return;
    this.log.error('wait blocked', { error: news.error.message });
    this.change({ kind: 'blocked', message: news.error.message });
  }

  /** What changes often is not shown each time. */
  private get hasLasted(): boolean {
    return performance.now() - this.shownSince >= (this.blocked.leastShownMs ?? 0);
  }
}

/** On change at most this often in the first minute: a person watches then. */
const EARLY_MS = 5_000;
const EARLY_FOR_MS = 60_000;
/** Each heartbeat that reaches the server is an action, so later they are as rare as crash detection allows. */
const KEEPALIVE_SHARE = 0.75;

export interface Pace {
  /** The server gives up an attempt that was silent for this long. */
  readonly heartbeatTimeoutMs: number;
  /** Whether changes are worth beats of their own in the first minute. */
  readonly showsChanges: boolean;
}

/** Decides when a wait heartbeats: each beat costs, a missing one makes the server give the attempt up. */
export class HeartbeatThrottle<Details> {
  private readonly startedAt = performance.now();
  private readonly keepaliveMs: number;
  private readonly timer: NodeJS.Timeout;
  private lastAt: number;
  private last: string;

  constructor(
    private readonly beat: (details: Details) => void,
    private readonly pace: Pace,
    private latest: Details,
  ) {
    this.keepaliveMs = pace.heartbeatTimeoutMs * KEEPALIVE_SHARE;
    this.lastAt = this.startedAt;
    this.last = '';
    this.send();
    this.timer = setInterval(() => this.tick(), Math.min(this.keepaliveMs / 4, 1_000));
  }

  /** The newest details. Sent now or with a later beat. */
  show(details: Details): void {
    this.latest = details;
    this.tick();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private tick(): void {
    const now = performance.now();
    const sinceLastMs = now - this.lastAt;
    const young = this.pace.showsChanges && now - this.startedAt < EARLY_FOR_MS;
    const early = young && JSON.stringify(this.latest) !== this.last;
    if (sinceLastMs >= this.keepaliveMs || (early && sinceLastMs >= Math.min(EARLY_MS, this.keepaliveMs)))
      this.send();
  }

  private send(): void {
    this.lastAt = performance.now();
    this.last = JSON.stringify(this.latest);
    this.beat(this.latest);
  }
}

/** Whether a wait has lasted for its time, by the server's clock: attempts that failed count. */
export const isOverdue = ({ overdueAfterMs }: AwaitTaskInput): boolean =>
  overdueAfterMs !== undefined && triedForMs() >= overdueAfterMs;

/** Tells once that a wait takes too long. The first poll comes before that: what ended in an outage has ended. */
class OverdueAlarm {
  private readonly timer: NodeJS.Timeout | undefined;
  private hasHeard = false;
  private isDue = false;

  constructor(
    overdueAfterMs: number | undefined,
    private readonly alarm: () => void,
  ) {
    if (overdueAfterMs === undefined) return;
    this.timer = setTimeout(() => this.due(), Math.max(0, overdueAfterMs - triedForMs()));
  }

  heard(): void {
    this.hasHeard = true;
    if (this.isDue) this.alarm();
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private due(): void {
    this.isDue = true;
    if (this.hasHeard) this.alarm();
  }
}

/**
 * Waits for the task's end through the connection's one watcher. It only reads, so the next attempt does the same
 * again. Neither poll failures nor time end the task's wait: those come back as overdue, blocked or unreadable.
 */
export async function awaitTask(connection: Connection, input: AwaitTaskInput): Promise<Waited> {
  const { taskId, heartbeats, heartbeatTimeoutMs, blocked, unreadableBudgetMs, leastShownMs } = input;
  const context = Context.current();
  const leave = new AbortController();
  const pace = new HeartbeatThrottle<Progress>(
    (details) => context.heartbeat(details),
    { heartbeatTimeoutMs, showsChanges: heartbeats === 'responsive' },
    { phase: 'wait', taskId },
  );
  const runId = ownRunId();
  const blockage = new BlockedDetector(
    { taskId, runId, shown: blocked, unreadableBudgetMs, ...omitUndefined({ leastShownMs }) },
    context.log,
    (waited) => leave.abort(waited),
  );
  const overdue = new OverdueAlarm(input.overdueAfterMs, () =>
    leave.abort({ kind: 'overdue' } satisfies Waited),
  );
  const signal = AbortSignal.any([context.cancellationSignal, leave.signal]);
  const left = connection.starts.watch(taskId);
  let isWatched = true;
  const leaveTask = (hasEnded: boolean) => {
    if (isWatched) left(hasEnded);
    isWatched = false;
  };
  try {
    const end = await connection.watcher.watch(
      taskId,
      (news) => {
        if (news.kind === 'progress') connection.ownTasks.see(taskId, news.info);
        pace.show(progressOf(taskId, news));
        blockage.onUpdate(news);
        overdue.heard();
      },
      signal,
    );
    // Its place is free from now on: the next start need not wait for what is read of this one.
    leaveTask(true);
    if (end.kind === 'ended') connection.ownTasks.see(taskId, end.info);
    return { taskId, runId, ...(await verifiedEnd(connection, input, taskEnd(end))) };
  } catch (error) {
    if (leave.signal.aborted) return leave.signal.reason as Waited;
    throw error;
  } finally {
    overdue.stop();
    pace.stop();
    leaveTask(false);
  }
}

function progressOf(taskId: string, news: WatchNews): Progress {
  if (news.kind === 'blocked') {
    return { phase: 'wait', condition: 'blocked', message: news.error.message, taskId };
  }
  const { status, progress } = news.info;
  if (progress === undefined || progress.total <= 0) return { phase: 'wait', status, taskId };
  const percent = Math.max(0, Math.min(100, Math.floor((100 * progress.completed) / progress.total)));
  return { phase: 'wait', percent, status, message: progress.message, taskId };
}

function taskEnd(end: WatchedEnd) {
  if (end.kind === 'gone') return { kind: 'gone' } as const;
  return end.info.status === 'FAILED' ? failed(end.info) : succeeded(end.info);
}

const failed = ({ failureText, failureType }: TaskInfo) =>
  ({ kind: 'failed', message: failureText ?? failureType ?? 'the service gave no reason' }) as const;

const succeeded = ({ resultId, oddResult, target, user }: TaskInfo) =>
  ({
    kind: 'succeeded',
    ...omitUndefined({ resultId, oddResult, targetId: target?.id, user }),
  }) as const;
