import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Worker } from '@temporalio/worker';
import type { WorkerConfig } from '../config/worker-config';
import { loadWorkerConfig } from '../config/load-worker-config';
import { connectNative } from './connect-native';
import { createWorkers } from './create-workers';
import { installRuntime } from './install-runtime';
import { closeSites, openSites } from './open-sites';

/** Built beside the compiled sources; a worker that bundles at start takes seconds longer. */
const BUNDLE = join(__dirname, '..', 'workflow-bundle.js');

/**
 * The production worker: configuration, first connection, work until SIGTERM or SIGINT, drain, logout. Throws one
 * sentence (`ConfigInvalid` or the connection's) before anything runs; the caller turns it into exit code 1 or 2.
 */
export async function runWorker(config: WorkerConfig = loadWorkerConfig()): Promise<void> {
  const log = installRuntime();
  warnOfInsecureTls(config, log.warn);
  const { connection, namespace } = await connectNative(config.connectBudgetMs, log.info);
  const sites = openSites(config.connections);
  try {
    const workers = await createWorkers({
      connection,
      namespace,
      sites,
      taskQueue: config.taskQueue,
      workflows: workflows(),
    });
    log.info(`worker ready: task queue ${config.taskQueue}, connections ${[...sites.keys()].join(', ')}`);
    await runTogether(workers);
  } finally {
    await closeSites(sites);
    await connection.close();
  }
}

/** When one fails the others are drained: half a worker would leave operations that look alive. */
async function runTogether(workers: readonly Worker[]): Promise<void> {
  const runs = workers.map((worker) => worker.run());
  try {
    await Promise.all(runs);
  } catch (error) {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    await Promise.allSettled(runs);
    throw error;
  }
}

const workflows = () =>
  existsSync(BUNDLE)
    ? { workflowBundle: { codePath: BUNDLE } }
    : { workflowsPath: join(__dirname, '..', 'workflows') };

function warnOfInsecureTls({ connections }: WorkerConfig, warn: (message: string) => void): void {
  for (const { vsphere } of connections) {
    if (vsphere.tlsVerify === false) {
      warn(
        `connection ${vsphere.name}: TLS certificates are not verified (tlsVerify is false): anybody in between can read the password`,
      );
    }
  }
}
