import { join } from 'node:path';
import { startChildProgram } from '../src/cli/commands/dev/child-program';
import { isAlive } from '../packages/dev-server/src/child-group';

/** A part of the product that runs as a process of its own, started as anybody would start it. */
export interface Program {
  readonly pid: number;
  /** The line that said that it is ready. */
  readonly readyLine: string;
  readonly hasEnded: () => boolean;
  /** SIGKILL, as a power cut would: nothing is tidied up. Resolves when the process is gone. */
  readonly kill: () => Promise<void>;
  /** SIGTERM, and SIGKILL when that takes too long. Resolves when the process is gone; may be called twice. */
  readonly stop: () => Promise<void>;
}

export interface ProgramOptions {
  /** The command of the command line. */
  readonly name: 'simulator' | 'worker';
  readonly env: NodeJS.ProcessEnv;
  readonly isReady: (line: string) => boolean;
  /** Gives up the start. */
  readonly signal: AbortSignal;
  /** Told when it ends without having been asked to. */
  readonly onUnexpectedEnd: (error: Error) => void;
}

const SNAPFLOW = join(__dirname, '..', 'dist', 'cli', 'main.js');
/** Enough to see why a program ended. */
const LAST_LINES = 5;

/** Starts a command and resolves when it is ready. Throws one sentence with its last words when it does not get there. */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  const { name, onUnexpectedEnd } = options;
  const lines: string[] = [];
  const lastWords = () => `its last words: ${lines.slice(-LAST_LINES).join(' · ') || 'none'}`;
  const program = await startChildProgram({
    ...options,
    args: [SNAPFLOW, name],
    print: (line) => lines.push(line),
  }).catch((error: unknown) => {
    throw lines.length === 0 ? error : new Error(`${(error as Error).message} (${lastWords()})`);
  });
  let isEndAsked = false;
  const watchEnd = async () => {
    await program.ended;
    if (!isEndAsked) onUnexpectedEnd(new Error(`The ${name} ended by itself; ${lastWords()}`));
  };
  void watchEnd();
  return {
    pid: program.pid,
    readyLine: program.readyLine,
    hasEnded: () => !isAlive(program.pid),
    kill: async () => {
      isEndAsked = true;
      process.kill(program.pid, 'SIGKILL');
      await program.ended;
    },
    stop: () => {
      isEndAsked = true;
      return program.stop();
    },
  };
}
