import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { endWithUs } from './end-with-us';

/** A child with a process group of its own, so that its own children end with it and a terminal's Ctrl-C does not race us. */
export interface ChildGroup {
  readonly pid: number;
  /** Settles when the child has ended; never rejects. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  hasEnded(): boolean;
  /** The end of what it wrote on stdout and stderr, at most 8 KiB. */
  output(): string;
  signal(signal: NodeJS.Signals): void;
  /** SIGTERM, then SIGKILL after `graceMs`; resolves when the child is gone. */
  stop(graceMs: number): Promise<void>;
}

/** A message needs the last lines only; a server may write for days. */
const OUTPUT_LIMIT = 8192;

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch (error) {
    // ESRCH: it ended by itself between the check and the signal.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function collectOutput(child: ChildProcess): () => string {
  let text = '';
  const add = (chunk: Buffer): void => {
    text = (text + chunk.toString('utf8')).slice(-OUTPUT_LIMIT);
  };
  child.stdout?.on('data', add);
  child.stderr?.on('data', add);
  return () => text;
}

/** Resolves once the program runs; rejects with the operating system's reason when it cannot be started. */
export async function startChildGroup(
  file: string,
  args: readonly string[],
  options: Pick<SpawnOptions, 'cwd' | 'env' | 'uid' | 'gid'> = {},
): Promise<ChildGroup> {
  const child = spawn(file, args, {
    ...options,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const output = collectOutput(child);
  let isClosed = false;
  child.once('close', () => {
    isClosed = true;
  });
  /** Also after the leader's exit: what it left in the group must end too, until nothing holds its output any more. */
  const send = (signal: NodeJS.Signals): void => {
    // Its number may belong to somebody else by now. One closed stream means nothing: the child may have redirected it.
    if (!isClosed) signalGroup(child, signal);
  };
  const detach = endWithUs(() => send('SIGKILL'));
  const ended = new Promise<Awaited<ChildGroup['ended']>>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
  }).finally(detach);
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => {
      detach();
      reject(error);
    });
  });
  return {
    pid: child.pid!,
    ended,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    output,
    signal: send,
    stop: async (graceMs) => {
      send('SIGTERM');
      const timer = setTimeout(() => send('SIGKILL'), graceMs);
      await ended;
      clearTimeout(timer);
    },
  };
}
