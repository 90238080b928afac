import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';

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

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs `end` when this process exits, throws or is signalled, so that a child never outlives it (only SIGKILL gets past).
 * `end` must be synchronous. A signal that nobody else handles keeps its meaning: it is raised again after `end`.
 *
 * @returns takes the hooks away again.
 */
export function endWithUs(end: () => void): () => void {
  const onSignal = (signal: NodeJS.Signals): void => {
    // Somebody else stops this process in an orderly way and may need the child until then; 'exit' catches the rest.
    if (process.listenerCount(signal) > hooksOn(signal)) return;
    end();
    detach();
    if (hooksOn(signal) === 0) process.kill(process.pid, signal);
  };
  const detach = (): void => {
    process.off('exit', end);
    for (const signal of SIGNALS) {
      if (process.listeners(signal).includes(onSignal)) {
        process.off(signal, onSignal);
        ours.set(signal, hooksOn(signal) - 1);
      }
    }
  };
  process.on('exit', end);
  for (const signal of SIGNALS) {
    process.on(signal, onSignal);
    ours.set(signal, hooksOn(signal) + 1);
  }
  return detach;
}

/** How many of a signal's listeners are of this file: the others belong to somebody who handles the signal. */
const ours = new Map<NodeJS.Signals, number>();
const hooksOn = (signal: NodeJS.Signals): number => ours.get(signal) ?? 0;

/** After SIGTERM a compiler or a server needs a moment to remove its own temporary files. */
const GRACE_MS = 3_000;

const lastLine = (text: string): string => (text.trim().split('\n').at(-1) ?? '').slice(0, 300);

/**
 * Runs a program to its end and returns what it wrote (its last 8 KiB).
 *
 * @throws Error whose message is the reason alone: could not be started, took longer than `limitMs`, or its last line.
 */
export async function runToEnd(
  file: string,
  args: readonly string[],
  limitMs: number,
  options: Pick<SpawnOptions, 'cwd' | 'env' | 'uid' | 'gid'> = {},
): Promise<string> {
  const child = await startChildGroup(file, args, options);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    void child.stop(GRACE_MS);
  }, limitMs);
  const { code, signal } = await child.ended;
  clearTimeout(timer);
  if (late) throw new Error(`took longer than ${Math.round(limitMs / 1000)} s`);
  if (code !== 0) throw new Error(lastLine(child.output()) || `ended with ${signal ?? `exit code ${code}`}`);
  return child.output();
}

/** Whether a process of this machine with that id exists. One that belongs to another user counts as alive. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
