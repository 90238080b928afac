import { runWorker } from './run-worker';
import { workerExitCode } from './worker-exit-code';

/** Exit codes: 0 drained · 1 failed, one sentence on stderr · 2 the configuration cannot be used, all of it on stderr. */
async function main(): Promise<number> {
  try {
    await runWorker();
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return workerExitCode(error);
  }
}

void main().then((code) => process.exit(code));
