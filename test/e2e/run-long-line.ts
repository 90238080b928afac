import { spawn } from 'node:child_process';

/** An installation from the network, or a Go build without a cache. */
const LIMIT_MS = 180_000;

export interface LongLineEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs lines of a page as a person's shell does, streams apart; ends them when they take too long. */
export function runLongLine(line: string, cwd: string, env: NodeJS.ProcessEnv): Promise<LongLineEnd> {
  const child = spawn(line, { shell: true, cwd, env, timeout: LIMIT_MS });
  const written = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => (written[stream] += text));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, ...written })));
}
