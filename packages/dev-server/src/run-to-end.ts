import type { SpawnOptions } from 'node:child_process';
import { startChildGroup } from './child-group';

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
