import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startChildGroup } from '../engine/child-group';

/** A part of the product that runs as a process of its own, as it would elsewhere. */
export interface Program {
  readonly pid: number;
  /** SIGKILL, as a power cut would: nothing is tidied up. Resolves when the process is gone. */
  readonly kill: () => Promise<void>;
  /** SIGTERM, and SIGKILL when that takes too long. Resolves when the process is gone; may be called twice. */
  readonly stop: () => Promise<void>;
  readonly hasEnded: () => boolean;
  /** The end of what it wrote. */
  readonly output: () => string;
}

export interface ProgramOptions {
  /** What it is called in messages. */
  readonly name: string;
  /** The compiled entry, relative to `dist`, and its arguments. */
  readonly args: readonly [entry: string, ...rest: string[]];
  readonly env: NodeJS.ProcessEnv;
  /** Matches in its output as soon as it can be used. */
  readonly ready: RegExp;
  /** Gives up the start. */
  readonly signal: AbortSignal;
  /** Told when it ends without having been asked to. */
  readonly onUnexpectedEnd: (error: Error) => void;
}

/** Nothing here needs longer to start, even on a busy machine. */
const READY_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 20;
/** A worker drains in this time; nobody who watches a demo wants to wait longer. */
const STOP_GRACE_MS = 5_000;

/** Starts a compiled program and resolves when it is ready. Throws one sentence with its last words when it is not. */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  const [entry, ...rest] = options.args;
  const child = await startChildGroup(process.execPath, [join(__dirname, '..', entry), ...rest], {
    env: options.env,
  });
  let endExpected = false;
  const end = async (how: () => void | Promise<void>) => {
    endExpected = true;
    await how();
    await child.ended;
  };
  const program: Program = {
    pid: child.pid,
    kill: () => end(() => child.signal('SIGKILL')),
    stop: () => end(() => child.stop(STOP_GRACE_MS)),
    hasEnded: () => child.hasEnded(),
    output: () => child.output(),
  };
  const watchEnd = async () => {
    await child.ended;
    if (!endExpected) options.onUnexpectedEnd(ended(options.name, child.output()));
  };
  try {
    await untilReady(options, child);
  } catch (error) {
    await program.stop();
    throw error;
  }
  void watchEnd();
  return program;
}

async function untilReady(
  { name, ready, signal }: ProgramOptions,
  child: { readonly hasEnded: () => boolean; readonly output: () => string },
): Promise<void> {
  const giveUpAt = performance.now() + READY_WITHIN_MS;
  while (!ready.test(child.output())) {
    if (child.hasEnded()) throw ended(name, child.output());
    if (performance.now() > giveUpAt)
      throw new Error(`The ${name} was not ready within ${READY_WITHIN_MS / 1000} s: ${child.output()}`);
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
}

const ended = (name: string, output: string): Error =>
  new Error(`The ${name} ended by itself; its last words: ${output.trim() || 'none'}`);
