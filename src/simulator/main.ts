import { OptionError } from './option-error';
import { parseSimulatorOptions } from './parse-simulator-options';
import { runSimulator } from './run-simulator';

async function main(): Promise<number> {
  try {
    return await runSimulator(parseSimulatorOptions(process.argv.slice(2)));
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return error.exitCode;
  }
}

void main().then((code) => process.exit(code));
