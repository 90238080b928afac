import { Worker, type ActivitySlotInfo, type SlotSupplier, type WorkerOptions } from '@temporalio/worker';
import type { Places, Connection } from '../activities/connection';
import type { Activities } from '../contract/activities';
import { EVERY_OPERATION, OPERATIONS, siteQueue } from '../contract/operations';

/** A crowd's checks and starts are handed out one by one. More polls of an idle connection would only cost. */
const SITE_POLLS = 4;
/** Of kinds of tasks that a worker without workflows never gets. The SDK wants a number for each. */
const NONE = { type: 'fixed-size', numSlots: 1 } as const;
/** A start must be able to finish: 15 s, see its start-to-close. */
const GRACE_MS = 15_000;
/** Starts of a kind that one worker has under way at once. */
const STARTS_AT_ONCE = 1_000;

/** A connection's workers: one for its checks, and one for the starts of each operation. They have no workflows. */
export function siteWorkers(
  { name, checks }: Connection,
  { prepareLinkedClone, prepareRevert, inspect, startLinkedClone, startRevert }: Activities,
  { taskQueue, ...shared }: WorkerOptions,
): readonly Promise<Worker>[] {
  return [
    Worker.create({
      ...shared,
      ...withSlots(slotsOf(checks)),
      taskQueue: siteQueue(taskQueue, name, 'checks'),
      activities: { prepareLinkedClone, prepareRevert, inspect },
    }),
    ...EVERY_OPERATION.map((operation) =>
      Worker.create({
        ...shared,
        ...withSlots({ type: 'fixed-size', numSlots: STARTS_AT_ONCE }),
        taskQueue: siteQueue(taskQueue, name, OPERATIONS[operation].starts),
        activities: { startLinkedClone, startRevert },
      }),
    ),
  ];
}

/** What such a worker has besides what all have. */
const withSlots = (slots: SlotSupplier<ActivitySlotInfo>) => ({
  tuner: {
    activityTaskSlotSupplier: slots,
    workflowTaskSlotSupplier: NONE,
    localActivityTaskSlotSupplier: NONE,
    nexusTaskSlotSupplier: NONE,
  },
  activityTaskPollerBehavior: { type: 'simple-maximum', maximum: SITE_POLLS } as const,
  shutdownGraceTime: GRACE_MS,
});

/** A task is polled for only once it has a place, which it keeps until it is done. */
const slotsOf = (places: Places): SlotSupplier<ActivitySlotInfo> => ({
  type: 'custom',
  reserveSlot: async (_context, signal) => {
    await places.take(signal);
    return {};
  },
  tryReserveSlot: () => null,
  markSlotUsed: () => undefined,
  releaseSlot: () => places.giveBack(),
});
