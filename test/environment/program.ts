import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { basename, join } from 'node:path';
import { eventually } from './eventually';

const ROOT = join(__dirname, '..', '..');
/** The command line's main file as it is built. */
export const SNAPFLOW = mainOf(ROOT);
const END_WITH_PARENT = join(__dirname, 'end-with-parent.cjs');

/** The end of a stream is kept. A test reads a table of huge ids, which has more than 16 million characters. */
const KEPT_CHARACTERS = 64 * 1024 * 1024;
/** Several start at once on two busy cores. */
const READY_WITHIN_MS = 90_000;
/** For the hooks by which a tool ends what it started. */
const GRACE_MS = 5_000;

/** What this shell is set up for would answer instead of the test's own. */
export const CLEAN_ENV: NodeJS.ProcessEnv = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(?:TEMPORAL_|VSPHERE_|SNAPFLOW_)/.test(name)),
);

interface ProgramEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process of Node that runs our own code, with all that it wrote. */
export interface Program {
  /** What messages call it. */
  readonly role: string;
  readonly args: readonly string[];
  readonly pid: number;
  readonly startedAt: string;
  /** Settles when it has ended and its output is read; never rejects. */
  readonly ended: Promise<ProgramEnd>;
  readonly end: () => (ProgramEnd & { readonly endedAt: string }) | undefined;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Both streams, as their parts came. */
  readonly output: () => string;
  /** To its whole process group; nothing once it has ended. */
  readonly signal: (signal: NodeJS.Signals) => void;
  /** Whether it was sent that signal before. */
  readonly wasSent: (signal: NodeJS.Signals) => boolean;
  /** SIGTERM, then SIGKILL after `graceMs`; resolves when it is gone. */
  readonly stop: (graceMs: number) => Promise<void>;
  /**
   * Sends a message, and resolves with the program's next one; rejects when it ends before. What does nothing but answer
   * stays by `process.channel.ref()`.
   */
  readonly ask: (message: unknown) => Promise<unknown>;
}

export interface ProgramOptions {
  /** Default: the name of the file. */
  readonly role?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Another Node than this one. */
  readonly node?: string;
  /** A file that gets what it writes, too. */
  readonly log?: string;
}

/** Starts a file of ours in a process group of its own; it ends with this process at the latest. */
export function startProgram(args: readonly string[], options: ProgramOptions = {}): Program {
  const { role = basename(args.at(-1) ?? ''), env = process.env, node = process.execPath, log } = options;
  const child = spawn(node, ['--require', END_WITH_PARENT, ...args], {
    cwd: ROOT,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // An answer may hold what JSON has no word for.
    serialization: 'advanced',
  });
  // Its missing pid says so.
  child.on('error', () => undefined);
  const { pid } = child;
  if (pid === undefined) throw new Error(`The ${role} could not be started by ${node}.`);
  const written = collect(child, log);
  const sent = new Set<NodeJS.Signals>();
  let end: ReturnType<Program['end']>;
  const ended = new Promise<ProgramEnd>((resolve) => {
    child.once('close', (code, signal) => {
      end = { code, signal, endedAt: new Date().toISOString() };
      resolve({ code, signal });
    });
  });
  const signal = (name: NodeJS.Signals): void => {
    sent.add(name);
    // Also after the leader's exit, until nothing of its group holds the output any more. Then the number may be another's.
    if (end === undefined) signalGroup(pid, name);
  };
  return {
    role,
    args,
    pid,
    startedAt: new Date().toISOString(),
    ended,
    end: () => end,
    ...written,
    signal,
    wasSent: (name) => sent.has(name),
    stop: async (graceMs) => {
      signal('SIGTERM');
      const timer = setTimeout(() => signal('SIGKILL'), graceMs);
      await ended;
      clearTimeout(timer);
    },
    ask: questionsTo(child, role, written.output),
  };
}

/** Starts a command of the built program, as a user does. `build`: folder of another checkout, whose program it is. */
export const startSnapflow = (args: readonly string[], options: ProgramOptions = {}, build = ROOT): Program =>
  startProgram([mainOf(build), ...args], { role: args[0] ?? 'snapflow', ...options });

/** Waits for what a program does or says; one that ends instead is an error with its last words. */
export const untilProgram = <T>(
  program: Program,
  what: string,
  probe: (program: Program) => T | undefined | false,
  withinMs = READY_WITHIN_MS,
): Promise<T> =>
  eventually(
    `the ${program.role} ${what}`,
    () => {
      const seen = probe(program);
      if ((seen === undefined || seen === false) && program.end() !== undefined)
        throw new Error(`The ${program.role} ended by itself: ${program.output().slice(-2_000)}`);
      return seen;
    },
    withinMs,
  );

/** Resolves when its output matches; stops one that does not get there. */
export async function whenReady(program: Program, ready: RegExp): Promise<Program> {
  try {
    await untilProgram(program, `says ${ready.source}`, ({ output }) => ready.test(output()));
    return program;
  } catch (error) {
    await program.stop(0);
    throw error;
  }
}

export interface ToolEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a tool of `bench` or `proof` to its end.
 * @throws Error with all that it wrote, when it takes longer than `limitMs`: less than the test's own limit
 */
export async function runTool(file: string, args: readonly string[], limitMs: number): Promise<ToolEnd> {
  const tool = startProgram(['--conditions=source', '--import', 'tsx', join(ROOT, file), ...args], {
    role: file,
  });
  let isLate = false;
  const limit = setTimeout(() => {
    isLate = true;
    void tool.stop(GRACE_MS);
  }, limitMs);
  const { code } = await tool.ended;
  clearTimeout(limit);
  if (isLate) throw new Error(`${file} took longer than ${limitMs} ms: ${tool.output()}`);
  return { code, stdout: tool.stdout(), stderr: tool.stderr() };
}

function mainOf(build: string): string {
  return join(build, 'dist', 'cli', 'main.js');
}

function signalGroup(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name);
  } catch (error) {
    // It ended between the check and the signal.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function collect(
  child: ChildProcess,
  log: string | undefined,
): Pick<Program, 'stdout' | 'stderr' | 'output'> {
  const texts = { stdout: '', stderr: '', output: '' };
  const file = log === undefined ? undefined : createWriteStream(log);
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      for (const kept of [name, 'output'] as const) texts[kept] = withEnd(texts[kept], text);
      file?.write(text);
    });
  child.once('close', () => file?.end());
  return { stdout: () => texts.stdout, stderr: () => texts.stderr, output: () => texts.output };
}

/** Cut only at twice the length: each cut copies all of it. */
function withEnd(kept: string, text: string): string {
  const all = kept + text;
  return all.length > 2 * KEPT_CHARACTERS ? all.slice(-KEPT_CHARACTERS) : all;
}

interface Question {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (because: Error) => void;
}

/** The answers come in the order of the questions. */
function questionsTo(child: ChildProcess, role: string, output: () => string): Program['ask'] {
  const open: Question[] = [];
  let ended: Error | undefined;
  child.on('message', (answer) => open.shift()?.resolve(answer));
  child.once('close', (code, signal) => {
    const lastWords = output().slice(-2_000);
    ended = new Error(
      `The ${role} ended with ${signal ?? code} and left a question unanswered: ${lastWords}`,
    );
    for (const { reject } of open.splice(0)) reject(ended);
  });
  return (message) =>
    new Promise((resolve, reject) => {
      if (ended !== undefined) return reject(ended);
      open.push({ resolve, reject });
      // To one that has just died: its end rejects it.
      child.send(message as object, () => undefined);
    });
}
