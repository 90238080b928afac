import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** A run of the built command line. */
export interface CliRun {
  readonly pid: number;
  /** Resolves when a text was written on either stream; rejects when it ends without. */
  seen(text: string): Promise<void>;
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

const MAIN = join(__dirname, '../../dist/cli/main.js');
/** `dev` runs as long as its file of tests, other commands much shorter; one that hangs fails its test with what it wrote. */
const LIMIT_MS = 300_000;

/** Starts `snapflow` as a user does, without what this shell is set up for. */
export const startCli = (...args: string[]): CliRun => startCliWith({}, args);

/** The same with settings in the environment. */
export const startCliWith = (settings: Record<string, string>, args: readonly string[]): CliRun => {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(?:TEMPORAL_|VSPHERE_|SNAPFLOW_)/.test(name),
  );
  const env = { ...Object.fromEntries(inherited), ...settings };
  const child = spawn(process.execPath, [MAIN, ...args], { env, timeout: LIMIT_MS, killSignal: 'SIGKILL' });
  const written = { stdout: '', stderr: '' };
  const readers = new Set<() => void>();
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      written[stream] += text;
      for (const read of readers) read();
    });
  }
  const ended = new Promise<CliEnd>((resolve) => {
    child.once('close', (code) => resolve({ code, ...written }));
  });
  return {
    pid: child.pid ?? 0,
    interrupt: () => void child.kill('SIGINT'),
    stdout: () => written.stdout,
    ended,
    seen: (text) =>
      new Promise((resolve, reject) => {
        const read = (): void => {
          if (written.stdout.includes(text) || written.stderr.includes(text)) resolve();
        };
        readers.add(read);
        read();
        void ended.then((end) => reject(new Error(`ended without "${text}": ${JSON.stringify(end)}`)));
      }),
  };
};

export const runCli = (...args: string[]): Promise<CliEnd> => startCli(...args).ended;
