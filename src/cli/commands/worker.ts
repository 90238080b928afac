import { EXIT } from '../errors';
import { examples, type DefineCommand } from '../options';
import { printableLines } from '../output';

interface WorkerOptions {
  readonly address?: string;
  readonly namespace?: string;
  readonly profile?: string;
  readonly taskQueue?: string;
}

export const define: DefineCommand = (command, setExitCode) => {
  command
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
    .action(async (options: WorkerOptions) => setExitCode(await work(options)));
};

/** Each option stands for the variable that the worker reads. */
const VARIABLES = {
  address: 'TEMPORAL_ADDRESS',
  namespace: 'TEMPORAL_NAMESPACE',
  profile: 'TEMPORAL_PROFILE',
  taskQueue: 'SNAPFLOW_TASK_QUEUE',
} as const satisfies Record<keyof WorkerOptions, string>;

async function work(options: WorkerOptions): Promise<number> {
  for (const [option, variable] of Object.entries(VARIABLES)) {
    const value = options[option as keyof WorkerOptions];
    if (value !== undefined) process.env[variable] = value;
  }
  const { runWorker, workerExitCode, WorkerEnded } = await import('../../worker/run-worker.js');
  try {
    await runWorker();
    return EXIT.ok;
  } catch (error) {
    // A log that has begun is read by programs: its last line is one of the log.
    if (!(error instanceof WorkerEnded))
      process.stderr.write(`${printableLines(error instanceof Error ? error.message : String(error))}\n`);
    return workerExitCode(error);
  }
}
