import { runSimulator } from 'snapflow-simulator';

/** Runs the simulator with the options as commander read them; the simulator checks their values itself. */
export const runSimulatorCommand = (options: Readonly<Record<string, string | true>>): Promise<number> =>
  runSimulator(
    Object.entries(options).map(([name, value]) => {
      const flag = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
      return value === true ? flag : `${flag}=${value}`;
    }),
  );
