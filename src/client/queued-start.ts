import type { WorkflowExecutionDescription } from '@temporalio/client';
import { DEFAULT_CONNECTION, MEMO, OPERATIONS, siteQueue, type Operation } from '../contract/operations';
import type { Progress } from '../contract/progress';
import { temporalCall, type TemporalLink } from './temporal-calls';

type PendingActivity = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];

/** By the wire name of a start. */
const STARTS: Readonly<Record<string, Operation>> = { startLinkedClone: 'clone', startRevert: 'revert' };

/** `PendingActivityState` and `TaskQueueType`, numbers fixed by Temporal's API. */
const SCHEDULED = 1;
const ACTIVITY_QUEUE = 2;

/** A start that finds its place free is taken within milliseconds. What lasts shorter is not worth a word. */
const SHOWN_AFTER_MS = 2_000;

/**
 * That a start waits for a place at its connection, and how many wait there: a crowd has no positions, since priorities
 * and teams pass each other. Undefined for any other activity.
 */
export async function queuedStart(
  link: TemporalLink,
  run: WorkflowExecutionDescription,
  { activityType, state, scheduledTime }: PendingActivity,
): Promise<Partial<Progress> | undefined> {
  const type = activityType?.name ?? '';
  const operation = Object.hasOwn(STARTS, type) ? STARTS[type] : undefined;
  const sinceMs = Date.now() - Number(scheduledTime?.seconds ?? 0) * 1_000;
  if (operation === undefined || Number(state) !== SCHEDULED || sinceMs < SHOWN_AFTER_MS) return undefined;
  const { connection = DEFAULT_CONNECTION } = (run.memo?.[MEMO.request] ?? {}) as { connection?: string };
  const { starts } = OPERATIONS[operation];
  const waiting = await waitingIn(link, siteQueue(run.taskQueue, connection, starts));
  const many = waiting === undefined ? '' : `: ${waiting} ${starts} wait there`;
  return { phase: 'start', condition: 'queued', message: `it waits for a place at ${connection}${many}` };
}

/** How many tasks wait in a queue, about. Undefined where the server does not tell. */
async function waitingIn(link: TemporalLink, queue: string): Promise<number | undefined> {
  const { namespace, client } = link;
  const request: object = {
    namespace,
    taskQueue: { name: queue },
    taskQueueType: ACTIVITY_QUEUE,
    reportStats: true,
  };
  try {
    const { stats } = await temporalCall(link, () => client.workflowService.describeTaskQueue(request));
    const count = stats?.approximateBacklogCount;
    return count === null || count === undefined ? undefined : Number(String(count));
  } catch {
    return undefined;
  }
}
