import { join } from 'node:path';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { naiveActivities } from './naive-activities';
import { openSession } from './appliance-session';
import type { SimulatedSite } from '../../test/environment/processes';

/** The peers' worker, a process of its own as ours is; ends with SIGTERM. */
async function main(): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const connection = await NativeConnection.connect({ address: process.env['TEMPORAL_ADDRESS'] ?? '' });
  const site = JSON.parse(process.env['BENCH_SITE'] ?? '{}') as SimulatedSite;
  const [appliance, vcenter] = [await openSession(site), await openSession(site, 'vcenter')];
  const worker = await Worker.create({
    connection,
    namespace: process.env['TEMPORAL_NAMESPACE'] ?? 'default',
    taskQueue: process.env['SNAPFLOW_TASK_QUEUE'] ?? '',
    workflowsPath: join(__dirname, 'workflows.ts'),
    activities: naiveActivities(appliance, vcenter),
    maxConcurrentActivityTaskExecutions: 1_000,
    stickyQueueScheduleToStartTimeout: '5 s',
  });
  process.stdout.write('peer ready\n');
  await worker.run();
  await Promise.all([appliance.close(), vcenter.close(), connection.close()]);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
