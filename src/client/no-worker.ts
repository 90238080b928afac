import type { TemporalLink } from './temporal-link';
import { TemporalUnavailable } from './temporal-unavailable';

/** Nobody polls the task queue, or whoever does is not getting to it. */
export const noWorker = ({ taskQueue, namespace }: TemporalLink): TemporalUnavailable =>
  new TemporalUnavailable(
    `No worker answered on the task queue ${taskQueue} of the namespace ${namespace}: start one with snapflow worker, or name its queue with --task-queue or SNAPFLOW_TASK_QUEUE.`,
    'no-worker',
  );
