import { runWorker, workerExitCode } from '../../worker/run-worker';
import { EXIT } from '../exit-code';
import { shownLines } from '../shown-lines';

export interface WorkerOptions {
  readonly address?: string;
  readonly namespace?: string;
  readonly profile?: string;
  readonly taskQueue?: string;
}

/** Each option stands for the variable that the worker reads. */
const VARIABLES = {
  address: 'TEMPORAL_ADDRESS',
  namespace: 'TEMPORAL_NAMESPACE',
  profile: 'TEMPORAL_PROFILE',
  taskQueue: 'SNAPFLOW_TASK_QUEUE',
} as const satisfies Record<keyof WorkerOptions, string>;

export const runWorkerCommand = async (options: WorkerOptions): Promise<number> => {
  for (const [option, variable] of Object.entries(VARIABLES)) {
    const value = options[option as keyof WorkerOptions];
    if (value !== undefined) process.env[variable] = value;
  }
  try {
    await runWorker();
    return EXIT.ok;
  } catch (error) {
    process.stderr.write(`${shownLines(error instanceof Error ? error.message : String(error))}\n`);
    return workerExitCode(error);
  }
};
