import { OptionError } from '../../simulator/option-error';
import { parseSimulatorOptions } from '../../simulator/parse-simulator-options';
import { runSimulator } from '../../simulator/run-simulator';

/** Runs the simulator with the options as commander read them; the simulator checks their values itself. */
export const runSimulatorCommand = async (
  options: Readonly<Record<string, string | true>>,
): Promise<number> => {
  const flags = Object.entries(options).flatMap(([name, value]) => {
    const flag = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    return value === true ? [flag] : [`${flag}=${value}`];
  });
  try {
    return await runSimulator(parseSimulatorOptions(flags));
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return error.exitCode;
  }
};
