import { Context } from '@temporalio/activity';
import type { AwaitTaskInput, Waited } from '../contract/activities';
import type { Progress } from '../contract/progress';
import type { TaskInfo, WatchedEnd, WatchNews } from '../vsphere';
import { HeartbeatPace } from './heartbeat-pace';
import { ownRunId } from './in-activity';
import type { Site } from './site';

/** A wait that has read nothing for so long lets its run show as blocked; shorter outages are not worth an event. */
const SHOWN_AS_BLOCKED_AFTER_MS = 30_000;

/**
 * Waits for the task's end through the connection's one watcher. It only reads, so whoever waits next does the same
 * again. Poll failures never end the task's wait; neither does time.
 */
export async function awaitTask(site: Site, input: AwaitTaskInput): Promise<Waited> {
  const { taskId, heartbeats, heartbeatTimeoutMs, blocked, unreadableBudgetMs } = input;
  const context = Context.current();
  const leave = new AbortController();
  const pace = new HeartbeatPace<Progress>(
    (details) => context.heartbeat(details),
    { heartbeatTimeoutMs, showsChanges: heartbeats === 'responsive' },
    { phase: 'wait', taskId },
  );
  const runId = ownRunId();
  const blockage = new Blockage(
    { taskId, runId, shown: blocked, unreadableBudgetMs },
    context.log,
    (waited) => leave.abort(waited),
  );
  const signal = AbortSignal.any([context.cancellationSignal, leave.signal]);
  try {
    const end = await site.watcher.watch(
      taskId,
      (news) => {
        pace.show(progressOf(taskId, news));
        blockage.hear(news);
      },
      signal,
    );
    return { taskId, runId, ...taskEnd(end) };
  } catch (error) {
    if (leave.signal.aborted) return leave.signal.reason as Waited;
    throw error;
  } finally {
    pace.stop();
  }
}

interface Blocked {
  readonly taskId: string;
  readonly runId: string;
  /** Whether the run shows it already. */
  readonly shown: boolean;
  readonly unreadableBudgetMs: number;
}

/** Tells when a wait becomes blocked, or is no longer, or will hardly ever read anything. */
class Blockage {
  private since: number | undefined;
  private unreadableSince: number | undefined;

  constructor(
    private readonly blocked: Blocked,
    /** This attempt's: the news come from the watcher's poll, where the current context is another attempt's. */
    private readonly log: Context['log'],
    private readonly change: (waited: Waited) => void,
  ) {}

  hear(news: WatchNews): void {
    if (news.kind === 'progress') {
      this.since = undefined;
      this.unreadableSince = undefined;
      if (this.blocked.shown) this.change({ kind: 'unblocked' });
      return;
    }
    const { taskId, runId, shown, unreadableBudgetMs } = this.blocked;
    this.since ??= performance.now();
    // The server is there and answers: only another release of it, or of ours, will help.
    if (news.error.kind === 'malformed') this.unreadableSince ??= performance.now();
    if (shown && performance.now() - (this.unreadableSince ?? Infinity) >= unreadableBudgetMs)
      return this.change({ kind: 'unreadable', taskId, runId, message: news.error.message });
    if (shown || performance.now() - this.since < SHOWN_AS_BLOCKED_AFTER_MS) return;
    this.log.error('wait blocked', { error: news.error.message });
    this.change({ kind: 'blocked', message: news.error.message });
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

const succeeded = ({ resultId, target, user }: TaskInfo) =>
  ({
    kind: 'succeeded',
    ...(resultId === undefined ? {} : { resultId }),
    ...(target === undefined ? {} : { targetId: target.id }),
    ...(user === undefined ? {} : { user }),
  }) as const;
