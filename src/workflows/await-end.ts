import type { TaskEnd } from '../contract/evidence';
import type { OperationSettings } from '../contract/settings';
import { waiting } from './activity-calls';
import { shownWhenOverdue } from './overdue';
import type { Status } from './status';
import { markdown } from './markdown';

interface Awaited {
  readonly connection: string;
  readonly called: string;
  readonly taskId: string;
  readonly settings: Pick<OperationSettings, 'heartbeatTimeoutMs' | 'waitBudgetMs'>;
}

/**
 * Waits for the task's end, however long. A wait that can read nothing for a while comes back to say so, and again when
 * it reads: so that the run shows as blocked, and never fails by it.
 */
export function awaitEnd(awaited: Awaited, status: Status): Promise<TaskEnd> {
  const { taskId, settings } = awaited;
  status.set('wait', markdown`task \`${taskId}\``);
  return shownWhenOverdue(settings.waitBudgetMs, throughBlockages(awaited, status), {
    begin: () =>
      status.set(
        'wait',
        markdown`task \`${taskId}\` is overdue; it is not failed by time: look at it in vSphere`,
        'overdue',
      ),
    end: () => status.set('wait', markdown`task \`${taskId}\` has ended`),
  });
}

async function throughBlockages(
  { connection, called, taskId, settings }: Awaited,
  status: Status,
): Promise<TaskEnd> {
  const { heartbeatTimeoutMs } = settings;
  for (let blocked = false; ; blocked = !blocked) {
    const waited = await waiting(`wait for the task of ${called}`, heartbeatTimeoutMs).awaitTask({
      connection,
      taskId,
      heartbeatTimeoutMs,
      blocked,
    });
    if (waited.kind !== 'blocked' && waited.kind !== 'unblocked') return waited;
    if (waited.kind === 'blocked')
      status.set('wait', markdown`task \`${taskId}\` cannot be read: ${waited.message}`, 'blocked');
    else status.set('wait', markdown`task \`${taskId}\``);
  }
}
