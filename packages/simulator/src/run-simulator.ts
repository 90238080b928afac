import { OptionError, parseSimulatorOptions } from './simulator-options';
import { startSimulator } from './start-simulator';

/** A stop that takes longer than this is cut short: SIGTERM ends the process within a second. */
const MAX_STOP_MS = 800;

function nextSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });
}

/**
 * The command `snapflow simulator` with its flags: prints the first line of JSON, serves until SIGTERM or SIGINT, and resolves
 * with the exit code (2 when an option cannot be used, said on stderr in one sentence).
 */
export async function runSimulator(args: readonly string[]): Promise<number> {
  try {
    const options = parseSimulatorOptions(args);
    const signal = nextSignal();
    const simulator = await startSimulator(options);
    process.stdout.write(`${JSON.stringify(simulator)}\n`);
    await signal;
    setTimeout(() => process.exit(0), MAX_STOP_MS).unref();
    await simulator.stop();
    return 0;
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return error.exitCode;
  }
}
