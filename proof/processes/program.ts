import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { endWithUs } from 'snapflow-dev-server';

const SNAPFLOW = join(__dirname, '..', '..', 'dist', 'cli', 'main.js');

interface ProgramEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly endedAt: string;
}

/** A process of the built product, with all that it wrote. */
export interface Program {
  readonly role: string;
  readonly argv: readonly string[];
  readonly pid: number;
  readonly startedAt: string;
  readonly ended: Promise<ProgramEnd>;
  readonly end: () => ProgramEnd | undefined;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** To its whole process group; nothing once it has ended. */
  readonly signal: (signal: NodeJS.Signals) => void;
  /** Whether it was sent that signal before. */
  readonly wasSent: (signal: NodeJS.Signals) => boolean;
}

export interface ProgramOptions {
  readonly role: string;
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Where stdout and stderr go, too. */
  readonly log: string;
}

/** Starts `snapflow ARGV…` in a process group of its own; it ends with the harness. */
export function startProgram({ role, argv, env, log }: ProgramOptions): Program {
  const child = spawn(process.execPath, [SNAPFLOW, ...argv], {
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (child.pid === undefined) throw new Error(`The ${role} could not be started: is the product built?`);
  const pid = child.pid;
  const texts = collect(child, log);
  const sent = new Set<NodeJS.Signals>();
  const signal = (name: NodeJS.Signals) => {
    sent.add(name);
    signalGroup(child, pid, name);
  };
  const detach = endWithUs(() => signal('SIGKILL'));
  let end: ProgramEnd | undefined;
  const ended = new Promise<ProgramEnd>((resolve) => {
    child.once('close', (exitCode, signalName) => {
      detach();
      end = { exitCode, signal: signalName, endedAt: new Date().toISOString() };
      resolve(end);
    });
  });
  return {
    role,
    argv,
    pid,
    startedAt: new Date().toISOString(),
    ended,
    end: () => end,
    stdout: () => texts.stdout,
    stderr: () => texts.stderr,
    signal,
    wasSent: (name) => sent.has(name),
  };
}

function collect(child: ChildProcess, log: string): { stdout: string; stderr: string } {
  const texts = { stdout: '', stderr: '' };
  const file = createWriteStream(log);
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text;
      file.write(text);
    });
  }
  child.once('close', () => file.end());
  return texts;
}

function signalGroup(child: ChildProcess, pid: number, name: NodeJS.Signals): void {
  if (child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-pid, name);
  } catch (error) {
    // It ended between the check and the signal.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
