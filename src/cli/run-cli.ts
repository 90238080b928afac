import { CommanderError } from 'commander';
import { buildProgram } from './build-program';

const OK = 0;
const USAGE = 2;

/** Runs the command line and gives its exit code. */
export const runCli = async (argv: readonly string[]): Promise<number> => {
  let exitCode = OK;
  const program = buildProgram((code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...argv]);
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return ASKED_FOR.includes(error.code) ? OK : USAGE;
    throw error;
  }
};

/** Help and version are answers; help instead of a missing command is not. */
const ASKED_FOR: readonly string[] = ['commander.helpDisplayed', 'commander.version'];
