import { Context } from '@temporalio/activity';
import type { AwaitTaskInput, Waited } from '../contract/activities';
import type { Progress } from '../contract/progress';
import type { TaskInfo, WatchedEnd, WatchNews } from '../vsphere';
import { Blockage } from './blockage';
import { HeartbeatPace } from './heartbeat-pace';
import { ownRunId } from './in-activity';
import type { Site } from './site';

/**
 * Waits for the task's end through the connection's one watcher. It only reads, so whoever waits next does the same
 * again. Neither poll failures nor time end the task's wait, but for answers that nobody can read: those come back as such.
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
