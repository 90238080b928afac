import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { SelfObserved } from './worker-host';

/** A worker that tells of itself, in a process of its own. */
export interface HostedWorker {
  readonly pid: number;
  observe(): Promise<SelfObserved>;
  stop(): Promise<void>;
}

const ANSWERS_WITHIN_MS = 60_000;
const STOP_MS = 25_000;

export async function hostWorker(env: NodeJS.ProcessEnv): Promise<HostedWorker> {
  const child = fork(join(__dirname, 'worker-host.ts'), {
    execArgv: ['--expose-gc', '--import', 'tsx'],
    env,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await message(child);
  return {
    pid: child.pid ?? 0,
    observe: async () => {
      child.send('observe');
      return (await message(child)) as SelfObserved;
    },
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await ended;
      clearTimeout(late);
    },
  };
}

async function message(child: ChildProcess): Promise<unknown> {
  const [received] = (await once(child, 'message', { signal: AbortSignal.timeout(ANSWERS_WITHIN_MS) })) as [
    unknown,
  ];
  return received;
}
