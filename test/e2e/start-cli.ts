import { CLEAN_ENV, startSnapflow, untilProgram } from '../environment/program';

/** A run of the built command line. */
export interface CliRun {
  readonly pid: number;
  /** Resolves when a text was written on either stream; rejects when it ends without. */
  seen(text: string): Promise<unknown>;
  /** What it has written on stdout so far. */
  stdout(): string;
  interrupt(): void;
  readonly ended: Promise<CliEnd>;
}

export interface CliEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `dev` runs as long as its file of tests, other commands much shorter; one that hangs fails its test with what it wrote. */
const LIMIT_MS = 300_000;

/** Starts `snapflow` as a user does, without what this shell is set up for. */
export const startCli = (...args: string[]): CliRun => startCliWith({}, args);

/** The same with settings in the environment. */
export function startCliWith(settings: Record<string, string>, args: readonly string[]): CliRun {
  const program = startSnapflow(args, { env: { ...CLEAN_ENV, ...settings } });
  const { pid, stdout, stderr } = program;
  const limit = setTimeout(() => program.signal('SIGKILL'), LIMIT_MS);
  const ended = program.ended.then(({ code }) => {
    clearTimeout(limit);
    return { code, stdout: stdout(), stderr: stderr() };
  });
  return {
    pid,
    interrupt: () => program.signal('SIGINT'),
    stdout,
    ended,
    seen: (text) =>
      untilProgram(program, `writes "${text}"`, ({ output }) => output().includes(text), LIMIT_MS),
  };
}

export const runCli = (...args: string[]): Promise<CliEnd> => startCli(...args).ended;
