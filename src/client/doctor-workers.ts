import type { WorkflowExecutionInfo } from '@temporalio/client';
import type { Check } from '../contract/inspect';
import {
  DEFAULT_CONNECTION,
  MEMO,
  OPERATION_RUNS,
  siteQueue,
  waitQueue,
  WORKFLOWS,
} from '../contract/operations';
import { shellWord } from '../contract/text';
import { firstRuns } from './list';
import { temporalCall, type TemporalLink } from './temporal-calls';

/** `TaskQueueType`, numbers fixed by Temporal's API. */
const QUEUE_TYPES = { workflow: 1, activity: 2 } as const;
type Kind = keyof typeof QUEUE_TYPES;

/** A poll lasts a minute at most, and a server remembers pollers for five: who asked longer ago has ended. */
const RECENT_MS = 90_000;

/** An upgrade renames a queue once. A site that has more has a doctor for each of them. */
const MOST_OTHER_QUEUES = 10;

/**
 * Whether workers poll the task queue, and each other one that open operations are on: a queue that was renamed leaves
 * them behind, and they show as running.
 */
export async function checkWorkers(link: TemporalLink, signal?: AbortSignal): Promise<readonly Check[]> {
  const others = await otherQueues(link, signal);
  const checks = await Promise.all([
    checkQueue(link, link.taskQueue, OWN_REMEDY, signal),
    ...others.map((queue) => checkQueue(link, queue, otherRemedy(queue), signal)),
    unserved(link, signal),
  ]);
  return checks.flat();
}

const OWN_REMEDY =
  'start one with snapflow worker, or name its queue with --task-queue or SNAPFLOW_TASK_QUEUE';

const otherRemedy = (queue: string): string =>
  `operations are open on it: run a worker with SNAPFLOW_TASK_QUEUE=${shellWord(queue)} until they have ended`;

/** Open runs whose connections are looked at: a connection that no worker has shows within the newest of them. */
const MOST_RUNS = 200;

/**
 * Connections of open operations that no worker serves: their checks and starts stay queued. Told by the queue of checks,
 * since one of starts is not polled either while its connection is full.
 */
async function unserved(link: TemporalLink, signal?: AbortSignal): Promise<readonly Check[]> {
  const here = `TaskQueue = ${JSON.stringify(link.taskQueue)} AND ExecutionStatus = "Running"`;
  const { runs } = await firstRuns(link, `${OPERATION_RUNS} AND ${here}`, MOST_RUNS, signal);
  const checks = await Promise.all(
    [...new Set(runs.map(connectionOfRun))].map((connection) => {
      const name = siteQueue(link.taskQueue, connection, 'checks');
      const remedy = `operations are open at the connection ${shellWord(connection)}: run a worker of this release that has it`;
      return checkPollers(link, { name, kind: 'activity', remedy }, signal);
    }),
  );
  return checks.filter(({ state }) => state === 'failed');
}

function connectionOfRun({ memo }: Pick<WorkflowExecutionInfo, 'memo'>): string {
  const { connection } = (memo?.[MEMO.request] ?? {}) as { connection?: unknown };
  return typeof connection === 'string' ? connection : DEFAULT_CONNECTION;
}

/** One run tells its queue, and the next question leaves that out. */
async function otherQueues(link: TemporalLink, signal?: AbortSignal): Promise<readonly string[]> {
  const queues = [link.taskQueue];
  while (queues.length <= MOST_OTHER_QUEUES) {
    const elsewhere = queues.map((queue) => `AND TaskQueue != ${JSON.stringify(queue)}`).join(' ');
    const { runs } = await firstRuns(link, `${OPEN_RUNS} ${elsewhere}`, 1, signal);
    const queue = runs[0]?.taskQueue;
    if (queue === undefined || queues.includes(queue)) break;
    queues.push(queue);
  }
  return queues.slice(1);
}

/** Deletions, too: they wait on a queue like operations. */
const OPEN_RUNS = `(${OPERATION_RUNS} OR WorkflowType = "${WORKFLOWS.deleteVmOfClone}") AND ExecutionStatus = "Running"`;

/** Workflows and activities, and waits, which have a queue of their own. */
const checkQueue = (
  link: TemporalLink,
  queue: string,
  remedy: string,
  signal: AbortSignal | undefined,
): Promise<readonly Check[]> =>
  Promise.all([
    checkPollers(link, { name: queue, kind: 'workflow', remedy }, signal),
    checkPollers(link, { name: queue, kind: 'activity', remedy }, signal),
    checkPollers(link, { name: waitQueue(queue), kind: 'activity', remedy }, signal),
  ]);

interface Polled {
  readonly name: string;
  readonly kind: Kind;
  /** What to do where nothing polls it. */
  readonly remedy: string;
}

async function checkPollers(
  link: TemporalLink,
  { name, kind, remedy }: Polled,
  signal: AbortSignal | undefined,
): Promise<Check> {
  const { namespace, client } = link;
  const request: object = { namespace, taskQueue: { name }, taskQueueType: QUEUE_TYPES[kind] };
  // The generated type wants a member of an enum that the SDK does not export.
  const describe = () => client.workflowService.describeTaskQueue(request);
  const { pollers } = await temporalCall(link, describe, signal);
  const about = { check: 'workers', subject: `${name} ${kind}` } as const;
  const agesMs = pollers.map(
    ({ lastAccessTime }) => Date.now() - Number(String(lastAccessTime?.seconds ?? 0)) * 1000,
  );
  const recent = agesMs.filter((ageMs) => ageMs < RECENT_MS).length;
  if (recent > 0)
    return {
      ...about,
      state: 'ok',
      message: `${recent} ${recent === 1 ? 'worker polls' : 'workers poll'} it`,
    };
  const last = agesMs.length === 0 ? '' : ` since ${Math.round(Math.min(...agesMs) / 1000)} s ago`;
  const message = `no worker polls it for ${kind === 'workflow' ? 'workflows' : 'activities'}${last}`;
  return { ...about, state: 'failed', message, remedy };
}
