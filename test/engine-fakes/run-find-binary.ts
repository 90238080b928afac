import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

export interface FindBinaryRun {
  readonly child: ChildProcess;
  /** What it has written there so far. */
  stderr(): string;
  readonly done: Promise<{ code: number | null; stdout: string; stderr: string }>;
}

/** Looks for a binary in a process of its own, with that PATH and cache. */
export function runFindBinary(path: string, cache: string): FindBinaryRun {
  const child = spawn(
    process.execPath,
    ['-r', join(__dirname, 'load-typescript.js'), join(__dirname, 'find-binary.ts')],
    { env: { PATH: path, XDG_CACHE_HOME: cache }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  const done = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { child, stderr: () => stderr, done };
}
