import type { MetricMeter } from '@temporalio/common';
import type { NativeConnection } from '@temporalio/worker';
import { FAILURES } from '../contract/failures';
import {
  EVERY_OPERATION,
  OPERATIONS,
  OPERATION_RUNS,
  SEARCH_ATTRIBUTES,
  siteQueue,
  type Operation,
} from '../contract/operations';
import { EVERY_CONDITION, METRICS, type Condition } from '../contract/progress';
import type { ObservedCall, SecretStore, VsphereObserver } from '../vsphere';
import type { ObserverOf } from './create-workers';
import type { Log } from './logging';
import type { WorkedConnections } from './site-workers';

const MS_PER_S = 1_000;

/** Counts the calls and logins of each connection; labels come from closed lists and from the configuration. */
export function vsphereMetrics(meter: MetricMeter, secrets: SecretStore, log: Log): ObserverOf {
  const { calls, callDuration, logins } = METRICS;
  const called = meter.createCounter(calls.name, undefined, calls.help);
  const took = meter.createHistogram(callDuration.name, 'float', 'seconds', callDuration.help);
  const loggedIn = meter.createCounter(logins.name, undefined, logins.help);
  return (connection): VsphereObserver => ({
    called: (call) => {
      const { host, operation, durationMs } = call;
      called.add(1, { connection, host, operation, outcome: outcomeOf(call) });
      took.record(durationMs / MS_PER_S, { connection, host });
    },
    loggedIn: (outcome) => loggedIn.add(1, { connection, outcome }),
    secretInUse: (secret) => secrets.add(secret),
    warned: (warning) => log.warn(`connection ${connection}: ${warning}`),
  });
}

/** `2xx`, `4xx` and so on, or why there was no answer: `unreachable`, `tls`, `deadline`, ... */
const outcomeOf = ({ outcome }: ObservedCall): string =>
  typeof outcome === 'number' ? `${Math.trunc(outcome / 100)}xx` : outcome;

/** A run that needs a decision has not ended. */
const ENDS = Object.keys(FAILURES).filter((type) => type !== 'NeedsDecision');

/**
 * Lets what is alerted on begin at zero: a counter that appears with a one has not increased for Prometheus, so the
 * first incomplete compensation after a restart would go unseen. The tags are those that the SDK gives to a workflow's.
 */
export function zeroCounters(
  meter: MetricMeter,
  of: { readonly namespace: string; readonly taskQueue: string; readonly connections: readonly string[] },
): void {
  const { namespace, taskQueue } = of;
  const { operations, conditions, logins } = METRICS;
  const ended = meter.createCounter(operations.name, undefined, operations.help);
  const entered = meter.createCounter(conditions.name, undefined, conditions.help);
  for (const operation of EVERY_OPERATION) {
    const tags = { namespace, taskQueue, workflowType: OPERATIONS[operation].workflow, operation };
    for (const outcome of ['succeeded', ...ENDS]) ended.add(0, { ...tags, outcome });
    for (const condition of EVERY_CONDITION) entered.add(0, { ...tags, condition });
  }
  const loggedIn = meter.createCounter(logins.name, undefined, logins.help);
  for (const connection of of.connections)
    for (const outcome of ['ok', 'login-refused', 'withheld']) loggedIn.add(0, { connection, outcome });
}

/** As often as a scraper usually asks. */
const READ_EVERY_MS = 15_000;
/** Six short counts. A server that is slower is asked again at the next turn. */
const READ_WITHIN_MS = 10_000;

export interface GaugeSources {
  readonly meter: MetricMeter;
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly taskQueue: string;
  readonly connections: WorkedConnections;
  readonly log: Log;
}

/**
 * Keeps the gauges up to date until the returned function is called. How many operations are open in which state is
 * asked of Temporal, since they move between workers and outlive them: each worker tells the same of its task queue.
 */
export function startOperationGauges(sources: GaugeSources): () => void {
  const { meter, connections } = sources;
  const watched = meter.createGauge(METRICS.watchedTasks.name, 'int', undefined, METRICS.watchedTasks.help);
  const readOpen = openOperations(sources);
  const readStarts = waitingStarts(sources);
  const read = (): void => {
    for (const { name, watcher } of connections.values()) watched.set(watcher.size, { connection: name });
    readStarts();
    void readOpen();
  };
  read();
  const timer = setInterval(read, READ_EVERY_MS);
  return () => clearInterval(timer);
}

/** What waits at each connection, and whether it could go. A count that cannot be read stays as it was. */
function waitingStarts({ meter, connection: server, namespace, taskQueue, connections }: GaugeSources) {
  const { startsWaiting, permitsFree, gateClosed } = METRICS;
  const waiting = meter.createGauge(startsWaiting.name, 'int', undefined, startsWaiting.help);
  const free = meter.createGauge(permitsFree.name, 'int', undefined, permitsFree.help);
  const closed = meter.createGauge(gateClosed.name, 'int', undefined, gateClosed.help);
  const count = async (name: string, operation: Operation): Promise<void> => {
    const queue = siteQueue(taskQueue, name, OPERATIONS[operation].starts);
    const request: object = { namespace, taskQueue: { name: queue }, ...ACTIVITY_STATS };
    const { stats } = await server.withDeadline(Date.now() + READ_WITHIN_MS, () =>
      server.workflowService.describeTaskQueue(request),
    );
    waiting.set(Number(String(stats?.approximateBacklogCount ?? 0)), { connection: name, operation });
  };
  return (): void => {
    for (const { name, starts } of connections.values())
      for (const operation of EVERY_OPERATION) {
        free.set(starts.idle(operation), { connection: name, operation });
        closed.set(starts.isClosed(operation) ? 1 : 0, { connection: name, operation });
        count(name, operation).catch(() => undefined);
      }
  };
}

/** Numbers and names of Temporal's API: what is asked of a queue of activities. */
const ACTIVITY_STATS = { taskQueueType: 2, reportStats: true };

/** Reads them once. While one read is under way another is left out. Never rejects: a failed read shows as an old one. */
function openOperations({ meter, connection, namespace, taskQueue, log }: GaugeSources): () => Promise<void> {
  const { openOperations, openOperationsReadAt } = METRICS;
  const open = meter.createGauge(openOperations.name, 'int', undefined, openOperations.help);
  const readAt = meter.createGauge(openOperationsReadAt.name, 'int', undefined, openOperationsReadAt.help);
  const count = async (more: string): Promise<number> => {
    const query = `TaskQueue = ${quoted(taskQueue)} AND ExecutionStatus = "Running" AND ${OPERATION_RUNS}${more}`;
    const { count } = await connection.workflowService.countWorkflowExecutions({ namespace, query });
    return Number(count);
  };
  const inState = (state: Condition) => count(` AND ${SEARCH_ATTRIBUTES.state} = "${state}"`);
  let reading = false;
  let failing = false;
  return async () => {
    if (reading) return;
    reading = true;
    try {
      const [all, ...counts] = await connection.withDeadline(Date.now() + READ_WITHIN_MS, () =>
        Promise.all([count(''), ...EVERY_CONDITION.map(inState)]),
      );
      EVERY_CONDITION.forEach((state, index) => open.set(counts[index] ?? 0, { state }));
      // Counted one after the other, so the rest may be off by what changed in between, but is never below none.
      open.set(
        Math.max(
          0,
          counts.reduce((rest, each) => rest - each, all),
        ),
        { state: 'running' },
      );
      readAt.set(Math.floor(Date.now() / 1_000));
      failing = false;
    } catch (error) {
      if (!failing)
        log.warn(`open operations cannot be counted for the metrics: ${(error as Error).message}`);
      failing = true;
    } finally {
      reading = false;
    }
  };
}

const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
