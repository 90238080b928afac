import { ConfigInvalid } from '../config/config-invalid';
import { runWorker } from './run-worker';

/** Exit codes: 0 drained · 1 failed, one sentence on stderr · 2 the configuration cannot be used, all of it on stderr. */
async function main(): Promise<number> {
  try {
    await runWorker();
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof ConfigInvalid ? 2 : 1;
  }
}

void main().then((code) => process.exit(code));
