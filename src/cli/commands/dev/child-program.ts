import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { endWithUs } from 'snapflow-dev-server';

/** A running child program. */
export interface Program {
  readonly pid: number;
  /** The line that said that it is ready. */
  readonly readyLine: string;
  /** Settles when it has ended. */
  readonly ended: Promise<void>;
  /** SIGTERM, SIGKILL when that takes too long; resolves when it is gone. */
  stop(): Promise<void>;
}

export interface ProgramOptions {
  readonly name: string;
  /** The file and its arguments, for this Node. */
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly isReady: (line: string, stream: 'stdout' | 'stderr') => boolean;
  /** Called with each line that it writes, its name in front. */
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Loading the worker's native part takes seconds on a busy machine. */
const READY_MS = 60_000;
/** The worker hands its work back within its own grace time. */
const STOP_MS = 15_000;

/**
 * Starts a program in a process group of its own (a terminal's Ctrl-C reaches only the parent, which stops its children in
 * order) and waits until it says that it is ready.
 * @throws Error with one sentence when it ends before, or takes too long
 */
export async function startChildProgram(options: ProgramOptions): Promise<Program> {
  const { name, args, env, signal } = options;
  const child = spawn(process.execPath, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const detach = endWithUs(() => void child.kill('SIGKILL'));
  const ended = once(child, 'close').then(detach, detach);
  const stop = () => stopChild(child, ended);
  const timeLimit = AbortSignal.timeout(READY_MS);
  try {
    const readyLine = await Promise.race([
      firstReadyLine(child, options),
      ended.then(() => Promise.reject(new Error(`The ${name} ended before it was ready.`))),
      once(timeLimit, 'abort').then(() =>
        Promise.reject(new Error(`The ${name} was not ready within ${READY_MS / 1000} s.`)),
      ),
      aborted(signal),
    ]);
    return { pid: child.pid ?? 0, readyLine, ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const firstReadyLine = (child: ChildProcess, { name, isReady, print }: ProgramOptions): Promise<string> =>
  new Promise((resolve) => {
    let ready = false;
    for (const stream of ['stdout', 'stderr'] as const) {
      const input = child[stream];
      if (input === null) continue;
      createInterface({ input }).on('line', (line) => {
        if (ready || !isReady(line, stream)) {
          const told = readableLine(name, line);
          if (told !== undefined) print(told);
          return;
        }
        ready = true;
        resolve(line);
      });
    }
  });

async function aborted(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, 'abort');
  throw signal.reason;
}

async function stopChild(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await ended;
  clearTimeout(timer);
}

/** Lower levels are not shown: a worker logs a lot about itself. */
const SHOWN = ['WARN', 'ERROR'];

/** A line of a program's log for a person: JSON becomes level and message, what is only informative is dropped. */
export function readableLine(name: string, line: string): string | undefined {
  const entry = parsed(line);
  if (entry === undefined) return `${name}: ${line}`;
  const { level, message, workflowId } = entry;
  if (!SHOWN.includes(String(level))) return undefined;
  const about = typeof workflowId === 'string' ? ` (${workflowId})` : '';
  return `${name}: ${String(level)} ${String(message)}${about}`;
}

function parsed(line: string): Readonly<Record<string, unknown>> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const entry = JSON.parse(line) as Record<string, unknown>;
    return typeof entry['message'] === 'string' && 'level' in entry ? entry : undefined;
  } catch {
    return undefined;
  }
}
