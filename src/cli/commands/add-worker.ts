import type { Command } from 'commander';
import type * as RunWorkerCommand from '../actions/run-worker-command';
import { examples } from '../examples';
import type { Finish } from '../finish-command';

/** Adds `snapflow worker`. */
export const addWorker = (program: Command, finish: Finish): void => {
  program
    .command('worker')
    .description('run a worker until SIGTERM or SIGINT; it is configured by the environment')
    .option('--address <host:port>', 'Temporal server (default: TEMPORAL_ADDRESS, else localhost:7233)')
    .option('--namespace <name>', 'Temporal namespace (default: TEMPORAL_NAMESPACE, else default)')
    .option('--profile <name>', "profile of Temporal's configuration file (default: TEMPORAL_PROFILE)")
    .option('--task-queue <name>', 'task queue (default: SNAPFLOW_TASK_QUEUE, else snapflow)')
    .addHelpText(
      'after',
      `\nThe variables are SNAPFLOW_CONFIG, or VSPHERE_VCENTER_URL, VSPHERE_APPLIANCE_URL, VSPHERE_USERNAME and\nVSPHERE_PASSWORD or VSPHERE_PASSWORD_FILE, and Temporal's own. SNAPFLOW_HEALTH_PORT serves\n/livez and /readyz on SNAPFLOW_HEALTH_HOST (default: 127.0.0.1).\n${examples(
        [
          'SNAPFLOW_CONFIG=/etc/snapflow/worker.yaml snapflow worker',
          'VSPHERE_VCENTER_URL=https://vc.example VSPHERE_APPLIANCE_URL=https://snap.example \\\n      VSPHERE_USERNAME=svc VSPHERE_PASSWORD_FILE=/run/secrets/vsphere snapflow worker',
        ],
      )}`,
    )
    .action(async (options: RunWorkerCommand.WorkerOptions) => {
      const { runWorkerCommand } = require('../actions/run-worker-command') as typeof RunWorkerCommand;
      finish(await runWorkerCommand(options));
    });
};
