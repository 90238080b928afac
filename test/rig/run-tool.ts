import { spawn } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const END_WITH_PARENT = join(__dirname, 'end-with-parent.ts');
/** For the hooks by which a tool ends what it started. */
const GRACE_MS = 5_000;

export interface ToolEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program of `bench` or `proof` in a process group of its own, which ends with the test process at the latest.
 * @throws Error with all that it wrote, when it takes longer than `limitMs`: less than the test's own limit
 */
export async function runTool(program: string, args: readonly string[], limitMs: number): Promise<ToolEnd> {
  const loaded = ['--import', 'tsx', '--import', END_WITH_PARENT];
  const child = spawn(process.execPath, [...loaded, join(ROOT, program), ...args], {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const written = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream]?.setEncoding('utf8').on('data', (text: string) => (written[stream] += text));
  let kill: NodeJS.Timeout | undefined;
  let isLate = false;
  const limit = setTimeout(() => {
    isLate = true;
    child.kill('SIGTERM');
    kill = setTimeout(() => killGroup(child.pid), GRACE_MS);
  }, limitMs);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  clearTimeout(limit);
  clearTimeout(kill);
  if (isLate) {
    killGroup(child.pid);
    throw new Error(`${program} took longer than ${limitMs} ms: ${written.stdout}${written.stderr}`);
  }
  return { code, ...written };
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // all of it has ended
  }
}
