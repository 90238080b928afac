import { Worker, NativeConnection, type WorkflowBundleOption } from '@temporalio/worker';
import { setTimeout as sleep } from 'node:timers/promises';
import { createActivities } from '../activities';
import { OwnTasks, Places } from '../activities/connection';
import { readableMemos } from '../client/readable-memos';
import type { TemporalSettings } from '../client/temporal-settings';
import { tlsProblem } from '../client/tls-problem';
import { backoffMs } from '../contract/backoff';
import { omitUndefined } from '../contract/omit-undefined';
import { waitQueue } from '../contract/operations';
import { openConnection, TaskWatcher, type VsphereObserver } from '../vsphere';
import type { ConnectionConfig } from './config-types';
import { configurationChecks } from './configuration-checks';
import { siteWorkers, type WorkedConnection, type WorkedConnections } from './site-workers';
import { StartPermits } from './start-permits';

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
/** SIGTERM must never be slower than this. The SDK's default is for ever. */
const FORCE_AFTER_MS = 20_000;
/** The pace of heartbeats is decided by the activities themselves. */
const HEARTBEAT_THROTTLE_MS = 1_000;
/** After a worker's death each of its open workflows idles this long before another worker takes it. The SDK's default is 10 s. */
const STICKY_MS = 5_000;

export interface WorkersOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly taskQueue: string;
  readonly connections: WorkedConnections;
  /** A prebuilt bundle, or the workflows' path where they are bundled at start. */
  readonly workflows: { readonly workflowBundle: WorkflowBundleOption } | { readonly workflowsPath: string };
  /** Default: the SDK's, by heap size. */
  readonly maxCachedWorkflows?: number;
}

/**
 * One worker for workflows and short activities and one for waits: waiting operations never keep others from starting.
 * Each connection has one for its checks and one for the starts of each operation: a crowd queues in the engine.
 */
export function createWorkers({
  connections,
  taskQueue,
  workflows,
  ...common
}: WorkersOptions): Promise<readonly Worker[]> {
  const activities = createActivities(connections);
  const { awaitTask, awaitExclusion, startLinkedClone: _, startRevert: __, ...short } = activities;
  const shared = {
    ...common,
    interceptors: { client: { workflow: [readableMemos(common.namespace)] } },
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
    ...[...connections.values()].flatMap((connection) =>
      siteWorkers(connection, activities, { ...shared, taskQueue }),
    ),
  ]);
}

/** Tells of one connection, by its name. */
export type ObserverOf = (connection: string) => VsphereObserver;

/** The configured connections. Nothing is called until the first activity needs one. */
export const openConnections = (
  connections: readonly ConnectionConfig[],
  observerOf?: ObserverOf,
): WorkedConnections =>
  new Map(
    connections.map((config) => [config.vsphere.name, openConfigured(config, connections, observerOf)]),
  );

function openConfigured(
  config: ConnectionConfig,
  all: readonly ConnectionConfig[],
  observerOf?: ObserverOf,
): WorkedConnection {
  const { vsphere: settings, operation, limits, allow } = config;
  const vsphere = openConnection(
    settings,
    omitUndefined({ observer: observerOf === undefined ? undefined : observerOf(settings.name) }),
  );
  const watcher = new TaskWatcher(vsphere.appliance);
  return {
    name: settings.name,
    vsphere,
    watcher,
    settings: operation,
    allow,
    checks: new Places(limits.checksAtOnce),
    starts: new StartPermits(limits.tasksInFlight),
    ownTasks: new OwnTasks(),
    configured: configurationChecks(config, all),
  };
}

/** Logs out everywhere: an idle session counts against the account for half an hour. */
export async function closeConnections(connections: WorkedConnections): Promise<void> {
  await Promise.all([...connections.values()].map(({ vsphere }) => vsphere.close()));
}

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 10_000;

/**
 * Connects to the Temporal server and makes sure that the namespace is there. The SDK does not retry a first connection,
 * so this does, with jitter, within the budget. Then it throws one sentence that names the address and the remedy.
 */
export async function connectNative(
  { namespace, ...server }: TemporalSettings,
  budgetMs: number,
  say: (line: string) => void,
): Promise<NativeConnection> {
  const { address } = server;
  const until = performance.now() + budgetMs;
  for (let attempt = 0; ; attempt++) {
    try {
      const connection = await NativeConnection.connect(server);
      await assertNamespace(connection, namespace, address);
      return connection;
    } catch (error) {
      if (error instanceof NamespaceMissing) throw error;
      const delayMs = backoffMs(attempt, { firstMs: FIRST_RETRY_MS, longestMs: LONGEST_RETRY_MS });
      const isLast = performance.now() + delayMs > until;
      const problem = isLast || attempt === 0 ? await tlsProblem(server) : undefined;
      if (isLast) throw unreachable(address, budgetMs, error, problem);
      if (attempt === 0)
        say(
          `${problem ?? `no Temporal server at ${address} yet`}; trying for ${Math.round(budgetMs / 1000)} s`,
        );
      await sleep(delayMs);
    }
  }
}

class NamespaceMissing extends Error {}

async function assertNamespace(
  connection: NativeConnection,
  namespace: string,
  address: string,
): Promise<void> {
  try {
    await connection.workflowService.describeNamespace({ namespace });
  } catch (error) {
    await connection.close();
    if (!/not found/i.test((error as Error).message)) throw error;
    throw new NamespaceMissing(
      `TEMPORAL_NAMESPACE: namespace "${namespace}" does not exist on ${address}: create it, or name another.`,
    );
  }
}

const unreachable = (address: string, budgetMs: number, cause: unknown, tls: string | undefined): Error =>
  new Error(
    tls ??
      `TEMPORAL_ADDRESS: no Temporal server answers at ${address} (tried for ${Math.round(budgetMs / 1000)} s): start one, or correct the address and the TLS settings.`,
    { cause },
  );
