/*
 * The worker: configuration, connections, Temporal workers, shutdown.
 *
 * run-worker.ts            runs until a signal, then drains
 * create-workers.ts        the workers, their connections to vSphere and Temporal
 * site-workers.ts          workers of one connection: its checks, and its starts by operation
 * start-permits.ts         how many starts of a connection may go now
 * config.ts                reads environment and file into one configuration
 * config-types.ts          the configuration's types and default limits
 * connection-config.ts     checks one connection of the configuration
 * account.ts               user name and password as files and variables hold them
 * configuration-checks.ts  warnings about a valid configuration
 * health.ts                /livez and /readyz
 * logging.ts               JSON log lines without secrets; Temporal's runtime
 * metrics.ts               counters and gauges of the worker
 */
import { Runtime, type Worker } from '@temporalio/worker';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { temporalSecrets, SettingInvalid } from '../client/temporal-settings';
import type { SecretStore } from '../vsphere';
import { loadWorkerConfig, ConfigInvalid } from './config';
import type { WorkerConfig } from './config-types';
import { startupWarnings } from './configuration-checks';
import {
  connectNative,
  createWorkers,
  closeConnections,
  openConnections,
  type ObserverOf,
} from './create-workers';
import { startHealthServer, Readiness } from './health';
import { installRuntime, knownSecrets, type Log } from './logging';
import { startOperationGauges, vsphereMetrics, zeroCounters } from './metrics';

type Running = Pick<Worker, 'run' | 'shutdown' | 'getState'>;

/** A drain takes 20 s at most, so a worker that has not ended after this never will. */
const ENDS_WITHIN_MS = 25_000;
const LOOK_EVERY_MS = 1_000;

/**
 * Runs workers until all have ended. When one fails the others are drained: half a worker would leave operations that look
 * alive. The SDK's `run()` of a worker that failed waits for its activities, and a wait lasts as long as a clone. A process
 * that lives on and does nothing is worse than one that ends, so it does not wait for them.
 */
export async function runAllWorkers(
  workers: readonly Running[],
  { endsWithinMs = ENDS_WITHIN_MS, lookEveryMs = LOOK_EVERY_MS } = {},
): Promise<void> {
  const runs = workers.map((worker) => worker.run());
  const failure = whenFailed(workers, lookEveryMs);
  try {
    await Promise.race([Promise.all(runs), failure.seen]);
  } catch (error) {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    await within(endsWithinMs, Promise.allSettled(runs));
    throw error;
  } finally {
    failure.stop();
  }
}

function whenFailed(workers: readonly Running[], everyMs: number) {
  let stop: () => void = () => undefined;
  const seen = new Promise<never>((_resolve, reject) => {
    let looks = 0;
    const timer = setInterval(() => {
      if (!workers.some((worker) => worker.getState() === 'FAILED')) return;
      // Its own `run()` tells why, and mostly does so at once.
      if (++looks > 1) reject(new Error('a worker failed for the reason that was logged, and does not end'));
    }, everyMs);
    stop = () => clearInterval(timer);
  });
  return { seen, stop };
}

async function within(ms: number, done: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([done, late]);
  clearTimeout(timer);
}

/** Built beside the compiled sources. A worker that bundles at start takes seconds longer. */
const BUNDLE = join(__dirname, '..', 'workflow-bundle.js');

/**
 * The production worker: configuration, first connection, work until SIGTERM or SIGINT, drain, logout. Throws one
 * sentence (`ConfigInvalid` or `SettingInvalid`) before anything is logged. Afterwards the log's last line says why, and
 * it throws `WorkerEnded`. `workerExitCode` turns either into an exit code.
 */
export async function runWorker(config: WorkerConfig = loadWorkerConfig()): Promise<void> {
  const secrets = knownSecrets();
  temporalSecrets(config.temporal).forEach((secret) => secrets.add(secret));
  const log = installRuntime(secrets, config.metrics);
  try {
    await runLogged(config, secrets, log);
  } catch (error) {
    log.error(error instanceof Error ? error.message : String(error));
    throw new WorkerEnded(error);
  }
}

/** A worker gave up. The log's last line says why. */
export class WorkerEnded extends Error {
  override readonly name = 'WorkerEnded';

  constructor(override readonly cause: unknown) {
    super('the worker gave up');
  }
}

async function runLogged(config: WorkerConfig, secrets: SecretStore, log: Log): Promise<void> {
  if (config.metrics) log.info(`metrics on http://${config.metrics.host}:${config.metrics.port}/metrics`);
  startupWarnings(config).forEach((risk) => log.warn(risk));
  const readiness = new Readiness();
  // Before Temporal is there: a worker that waits for it is alive and must not be restarted.
  const health = config.health && (await startHealthServer(config.health, () => readiness.refusal()));
  if (health) log.info(`health server on http://${health.host}:${health.port}`);
  try {
    await work(config, {
      readiness,
      log,
      observerOf: vsphereMetrics(Runtime.instance().metricMeter, secrets, log),
    });
  } finally {
    await health?.close();
  }
}

interface Telling {
  readonly readiness: Readiness;
  readonly log: Log;
  readonly observerOf: ObserverOf;
}

async function work(
  { temporal, connectBudgetMs, connections: configured, taskQueue, metrics }: WorkerConfig,
  { readiness, log, observerOf }: Telling,
): Promise<void> {
  const connection = await connectNative(temporal, connectBudgetMs, log.info);
  readiness.connected(connection, temporal.namespace);
  const connections = openConnections(configured, observerOf);
  try {
    const workers = await createWorkers({
      connection,
      namespace: temporal.namespace,
      connections,
      taskQueue,
      workflows: workflows(),
    });
    readiness.created(workers);
    log.info(`worker ready: task queue ${taskQueue}, connections ${[...connections.keys()].join(', ')}`);
    const { namespace } = temporal;
    const { metricMeter: meter } = Runtime.instance();
    zeroCounters(meter, { namespace, taskQueue, connections: [...connections.keys()] });
    const stopGauges = metrics
      ? startOperationGauges({ meter, connection, namespace, taskQueue, connections, log })
      : undefined;
    await runAllWorkers(workers).finally(stopGauges);
  } finally {
    await closeConnections(connections);
    // It refuses while a worker that failed has not ended. The process is about to.
    await connection.close().catch(() => undefined);
  }
}

const workflows = () =>
  existsSync(BUNDLE)
    ? { workflowBundle: { codePath: BUNDLE } }
    : { workflowsPath: join(__dirname, '..', 'workflows') };

/** What `runWorker` threw, as an exit code: 2 the configuration cannot be used, 1 anything else. */
export function workerExitCode(error: unknown): number {
  const why = error instanceof WorkerEnded ? error.cause : error;
  return why instanceof ConfigInvalid || why instanceof SettingInvalid ? 2 : 1;
}
