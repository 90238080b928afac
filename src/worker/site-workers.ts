import { Worker, type ActivitySlotInfo, type SlotSupplier, type WorkerOptions } from '@temporalio/worker';
import type { Connection } from '../activities/connection';
import type { Activities } from '../contract/activities';
import { EVERY_OPERATION, OPERATIONS, siteQueue } from '../contract/operations';
import type { StartPermits } from './start-permits';

/** A crowd's checks and starts are handed out one by one. More polls of an idle connection would only cost. */
const SITE_POLLS = 4;
/** Of kinds of tasks that a worker without workflows never gets. The SDK wants a number for each. */
const NONE = { type: 'fixed-size', numSlots: 1 } as const;
/** A start must be able to finish: 15 s, see its start-to-close. */
const GRACE_MS = 15_000;

/** A connection as its workers hold it: they hand out the permits of its starts. */
export interface WorkedConnection extends Connection {
  readonly starts: StartPermits;
}

export type WorkedConnections = ReadonlyMap<string, WorkedConnection>;

/** A connection's workers: one for its checks, and one for the starts of each operation. They have no workflows. */
export function siteWorkers(
  { name, checks, starts }: WorkedConnection,
  { prepareLinkedClone, prepareRevert, inspect, startLinkedClone, startRevert }: Activities,
  { taskQueue, ...shared }: WorkerOptions,
): readonly Promise<Worker>[] {
  return [
    Worker.create({
      ...shared,
      ...withSlots({
        take: (signal) => checks.take(signal),
        giveBack: () => checks.giveBack(),
      }),
      taskQueue: siteQueue(taskQueue, name, 'checks'),
      activities: { prepareLinkedClone, prepareRevert, inspect },
    }),
    ...EVERY_OPERATION.map((operation) =>
      Worker.create({
        ...shared,
        ...withSlots({
          take: (signal) => starts.reserve(operation, signal),
          giveBack: () => starts.release(operation),
        }),
        taskQueue: siteQueue(taskQueue, name, OPERATIONS[operation].starts),
        activities: { startLinkedClone, startRevert },
      }),
    ),
  ];
}

/** What is needed for a task: taken before it is polled for, and kept until it is done. */
interface Slots {
  /** Rejects with the signal's reason. */
  readonly take: (signal: AbortSignal) => Promise<void>;
  readonly giveBack: () => void;
}

const withSlots = (slots: Slots) => ({
  tuner: {
    activityTaskSlotSupplier: supplierOf(slots),
    workflowTaskSlotSupplier: NONE,
    localActivityTaskSlotSupplier: NONE,
    nexusTaskSlotSupplier: NONE,
  },
  activityTaskPollerBehavior: { type: 'simple-maximum', maximum: SITE_POLLS } as const,
  shutdownGraceTime: GRACE_MS,
});

const supplierOf = ({ take, giveBack }: Slots): SlotSupplier<ActivitySlotInfo> => ({
  type: 'custom',
  reserveSlot: async (_context, signal) => {
    await take(signal);
    return {};
  },
  // Of tasks that come back with a workflow task: they would pass those that wait.
  tryReserveSlot: () => null,
  markSlotUsed: () => undefined,
  releaseSlot: giveBack,
});
