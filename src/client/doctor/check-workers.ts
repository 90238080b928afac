import type { Check } from '../../contract/check';
import { waitQueue } from '../../contract/names';
import { temporalCall } from '../temporal-call';
import type { TemporalLink } from '../temporal-link';

/** `TaskQueueType`, numbers fixed by Temporal's API. */
const QUEUE_TYPES = { workflow: 1, activity: 2 } as const;
type Kind = keyof typeof QUEUE_TYPES;

/** A poll lasts a minute at most, and a server remembers pollers for five: who asked longer ago has ended. */
const RECENT_MS = 90_000;

/** That somebody polls for workflows and activities, and for waits, which have a queue of their own. */
export const checkWorkers = (link: TemporalLink, signal?: AbortSignal): Promise<readonly Check[]> =>
  Promise.all([
    checkPollers(link, link.taskQueue, 'workflow', signal),
    checkPollers(link, link.taskQueue, 'activity', signal),
    checkPollers(link, waitQueue(link.taskQueue), 'activity', signal),
  ]);

const checkPollers = async (
  link: TemporalLink,
  name: string,
  kind: Kind,
  signal: AbortSignal | undefined,
): Promise<Check> => {
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
  return { ...about, ...nobody(agesMs, kind) };
};

const nobody = (agesMs: readonly number[], kind: Kind) => {
  const last = agesMs.length === 0 ? '' : ` since ${Math.round(Math.min(...agesMs) / 1000)} s ago`;
  return {
    state: 'failed',
    message: `no worker polls it for ${kind === 'workflow' ? 'workflows' : 'activities'}${last}`,
    remedy: 'start one with snapflow worker, or name its queue with --task-queue or SNAPFLOW_TASK_QUEUE',
  } as const;
};
