import { spawn } from 'node:child_process';
import { endWithUs } from 'snapflow-dev-server';

/** A report needs the last lines only. */
const OUTPUT_CHARACTERS = 4_000;

export interface CommandEnd {
  /** Null: it was killed because its time was over. */
  readonly code: number | null;
  /** The end of what it wrote. */
  readonly output: string;
  readonly seconds: number;
}

/** Runs a command with a process group of its own, and ends the whole group when the time is over, or we end. */
export function runCommand(
  [file = '', ...args]: readonly string[],
  options: { readonly cwd: string; readonly limitMs: number; readonly env?: NodeJS.ProcessEnv },
): Promise<CommandEnd> {
  const { cwd, limitMs, env = process.env } = options;
  const startedAt = performance.now();
  const child = spawn(file, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream
      .setEncoding('utf8')
      .on('data', (text: string) => (output = (output + text).slice(-OUTPUT_CHARACTERS)));
  const endGroup = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // all of it has ended
    }
  };
  const detach = endWithUs(endGroup);
  const timer = setTimeout(endGroup, limitMs);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      clearTimeout(timer);
      detach();
      endGroup();
      resolve({ code, output, seconds: (performance.now() - startedAt) / 1_000 });
    });
  });
}
