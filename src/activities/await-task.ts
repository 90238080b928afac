import { Context } from '@temporalio/activity';
import type { AwaitTaskInput } from '../contract/activities';
import type { TaskEnd } from '../contract/evidence';
import type { Progress } from '../contract/progress';
import type { TaskInfo, WatchNews } from '../vsphere';
import { ownRunId } from './in-activity';
import { HeartbeatPace } from './heartbeat-pace';
import type { Site } from './site';

/**
 * Waits for the task's end through the connection's one watcher. It only reads, so whoever waits next does the same
 * again. Poll failures are shown as `blocked` and never end the wait; neither does time.
 */
export async function awaitTask(
  site: Site,
  { taskId, heartbeatTimeoutMs }: AwaitTaskInput,
): Promise<TaskEnd> {
  const context = Context.current();
  const pace = new HeartbeatPace<Progress>((details) => context.heartbeat(details), heartbeatTimeoutMs, {
    phase: 'wait',
    taskId,
  });
  try {
    const end = await site.watcher.watch(
      taskId,
      (news) => pace.show(progressOf(taskId, news)),
      context.cancellationSignal,
    );
    const from = { taskId, runId: ownRunId() };
    return end.kind === 'gone' ? { kind: 'gone', ...from } : { ...from, ...taskEnd(end.info) };
  } finally {
    pace.stop();
  }
}

function progressOf(taskId: string, news: WatchNews): Progress {
  if (news.kind === 'blocked') {
    return { phase: 'wait', taskId, condition: 'blocked', message: news.error.message };
  }
  const { status, progress } = news.info;
  const common = { phase: 'wait', taskId, status } as const;
  if (progress === undefined || progress.total <= 0) return common;
  const percent = Math.max(0, Math.min(100, Math.floor((100 * progress.completed) / progress.total)));
  return { ...common, percent, message: progress.message };
}

function taskEnd(info: TaskInfo) {
  if (info.status === 'FAILED') {
    const message = info.failureText ?? info.failureType ?? 'the service gave no reason';
    return { kind: 'failed', message } as const;
  }
  return {
    kind: 'succeeded',
    ...(info.resultId === undefined ? {} : { resultId: info.resultId }),
    ...(info.user === undefined ? {} : { user: info.user }),
  } as const;
}
