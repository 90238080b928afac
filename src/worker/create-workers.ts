import { Worker, type NativeConnection, type WorkflowBundleOption } from '@temporalio/worker';
import { createActivities } from '../activities/create-activities';
import type { Sites } from '../activities/site';
import { waitQueue } from '../contract/names';

/**
 * Short activities only wait for replies, and what reaches vCenter is bounded by each connection's own pool. So many that
 * the calls of a site that does not answer, up to a minute each, leave room for every other site's.
 */
const SHORT_SLOTS = 1_000;
/** A wait holds its slot for the whole clone but costs only memory, so waits have a queue of their own and many slots. */
const WAIT_SLOTS = 2_000;
/** A start must be able to finish: 15 s, see its start-to-close. */
const SHORT_GRACE_MS = 15_000;
/** Waits are handed over at once: they only read. */
const WAIT_GRACE_MS = 0;
/** SIGTERM must never be slower than this; the SDK's default is for ever. */
const FORCE_AFTER_MS = 20_000;
/** The pace of heartbeats is decided by the activities themselves. */
const HEARTBEAT_THROTTLE_MS = 1_000;
/** After a worker's death each of its open workflows idles so long before another one takes it; the SDK's default is 10 s. */
const STICKY_MS = 5_000;

export interface WorkersOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly taskQueue: string;
  readonly sites: Sites;
  /** A prebuilt bundle, or the workflows' path where they are bundled at start. */
  readonly workflows: { readonly workflowBundle: WorkflowBundleOption } | { readonly workflowsPath: string };
  /** Default: the SDK's, by heap size. */
  readonly maxCachedWorkflows?: number;
}

/** One worker for workflows and short activities, one for waits: waiting operations never keep others from starting. */
export function createWorkers({
  sites,
  taskQueue,
  workflows,
  ...common
}: WorkersOptions): Promise<readonly Worker[]> {
  const activities = createActivities(sites);
  const { awaitTask, awaitExclusion, ...short } = activities;
  const shared = {
    ...common,
    shutdownForceTime: FORCE_AFTER_MS,
    maxHeartbeatThrottleInterval: HEARTBEAT_THROTTLE_MS,
    defaultHeartbeatThrottleInterval: HEARTBEAT_THROTTLE_MS,
  };
  return Promise.all([
    Worker.create({
      ...shared,
      ...workflows,
      taskQueue,
      activities: { ...short },
      stickyQueueScheduleToStartTimeout: STICKY_MS,
      maxConcurrentActivityTaskExecutions: SHORT_SLOTS,
      shutdownGraceTime: SHORT_GRACE_MS,
    }),
    Worker.create({
      ...shared,
      taskQueue: waitQueue(taskQueue),
      activities: { awaitTask, awaitExclusion },
      maxConcurrentActivityTaskExecutions: WAIT_SLOTS,
      shutdownGraceTime: WAIT_GRACE_MS,
    }),
  ]);
}
