import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Runtime } from '@temporalio/worker';
import type { WorkerConfig } from '../config/worker-config';
import { loadWorkerConfig } from '../config/load-worker-config';
import { temporalSecrets } from '../config/temporal-settings';
import { connectNative } from './connect-native';
import { createWorkers } from './create-workers';
import { startHealthServer } from './health-server';
import { installRuntime, type Log } from './install-runtime';
import { KnownSecrets } from './known-secrets';
import { closeSites, openSites, type ObserverOf } from './open-sites';
import { startOperationGauges } from './operation-gauges';
import { Readiness } from './readiness';
import { risksOf } from './risks-of';
import { runTogether } from './run-together';
import { vsphereMetrics } from './vsphere-metrics';
import { zeroCounters } from './zero-counters';

/** Built beside the compiled sources; a worker that bundles at start takes seconds longer. */
const BUNDLE = join(__dirname, '..', 'workflow-bundle.js');

/**
 * The production worker: configuration, first connection, work until SIGTERM or SIGINT, drain, logout. Throws one
 * sentence (`ConfigInvalid`, `SettingInvalid` or the connection's) before anything runs; `workerExitCode` turns it into
 * an exit code.
 */
export async function runWorker(config: WorkerConfig = loadWorkerConfig()): Promise<void> {
  const secrets = new KnownSecrets();
  temporalSecrets(config.temporal).forEach((secret) => secrets.add(secret));
  const log = installRuntime(secrets, config.metrics);
  if (config.metrics) log.info(`metrics on http://${config.metrics.host}:${config.metrics.port}/metrics`);
  risksOf(config).forEach((risk) => log.warn(risk));
  const readiness = new Readiness();
  // Before Temporal is there: a worker that waits for it is alive and must not be restarted.
  const health = config.health && (await startHealthServer(config.health, () => readiness.whyNot()));
  if (health) log.info(`health server on http://${health.host}:${health.port}`);
  try {
    await work(config, {
      readiness,
      log,
      observerOf: vsphereMetrics(Runtime.instance().metricMeter, secrets),
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
  { temporal, connectBudgetMs, connections, taskQueue, metrics }: WorkerConfig,
  { readiness, log, observerOf }: Telling,
): Promise<void> {
  const connection = await connectNative(temporal, connectBudgetMs, log.info);
  readiness.connected(connection, temporal.namespace);
  const sites = openSites(connections, observerOf);
  try {
    const workers = await createWorkers({
      connection,
      namespace: temporal.namespace,
      sites,
      taskQueue,
      workflows: workflows(),
    });
    readiness.created(workers);
    log.info(`worker ready: task queue ${taskQueue}, connections ${[...sites.keys()].join(', ')}`);
    const { namespace } = temporal;
    const { metricMeter: meter } = Runtime.instance();
    zeroCounters(meter, { namespace, taskQueue, connections: [...sites.keys()] });
    const stopGauges = metrics
      ? startOperationGauges({ meter, connection, namespace, taskQueue, sites, log })
      : undefined;
    await runTogether(workers).finally(stopGauges);
  } finally {
    await closeSites(sites);
    // It refuses while a worker that failed has not ended; the process is about to.
    await connection.close().catch(() => undefined);
  }
}

const workflows = () =>
  existsSync(BUNDLE)
    ? { workflowBundle: { codePath: BUNDLE } }
    : { workflowsPath: join(__dirname, '..', 'workflows') };
