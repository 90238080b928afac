import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { loadWorkerConfig } from '../src/worker/config';
import { createWorkers, closeConnections, openConnections } from '../src/worker/create-workers';

/** Long enough for the polls and heartbeats of a steady state. */
const OBSERVED_MS = 10_000;

/** What the process can tell of itself after a while of steady state. */
export interface SelfObserved {
  readonly heapKiB: number;
  readonly timers: number;
  readonly loopDelayP99Ms: number;
}

async function observe(): Promise<SelfObserved> {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  await sleep(OBSERVED_MS);
  delay.disable();
  global.gc?.();
  return {
    heapKiB: process.memoryUsage().heapUsed / 1_024,
    timers: process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length,
    loopDelayP99Ms: delay.percentile(99) / 1e6,
  };
}

/** The program's worker with a workflow cache of a set size; every message is answered with what is observed. */
async function main(): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const { temporal, connections: configured, taskQueue } = loadWorkerConfig();
  const connection = await NativeConnection.connect({ address: temporal.address });
  const connections = openConnections(configured);
  const workers = await createWorkers({
    connection,
    namespace: temporal.namespace,
    connections,
    taskQueue,
    workflows: { workflowBundle: { codePath: join(__dirname, '..', 'dist', 'workflow-bundle.js') } },
    maxCachedWorkflows: Number(process.env['BENCH_CACHED_WORKFLOWS']),
  });
  process.on('message', () => void observe().then((observed) => process.send?.(observed)));
  await Promise.all(workers.map((worker) => worker.run()));
  await closeConnections(connections);
  await connection.close();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
