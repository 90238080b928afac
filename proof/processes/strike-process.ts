import type { Reached, Release } from './firing-point';
import type { Scene } from './scene';
import { windowOf } from './windows';

/** SIGKILL; resolves when the process is gone. */
export async function killWorker(scene: Scene): Promise<void> {
  const worker = scene.worker();
  worker.signal('SIGKILL');
  await worker.ended;
  scene.evidence.journal('killed', { process: 'worker', pid: worker.pid });
}

/** What becomes of a held call whose process dies: in a sweep it is lost. */
export const whenKilled = ({ plan }: Scene): Release =>
  plan.window === null ? 'lost' : windowOf(plan.window).whenKilled;

export async function sigkillWorker(scene: Scene, reached: Reached): Promise<void> {
  await killWorker(scene);
  await reached.release(whenKilled(scene));
  await scene.startWorker();
}

/** The first caller dies; whoever asked asks again with the same request id. */
export async function sigkillStarter(scene: Scene, reached: Reached): Promise<void> {
  const caller = scene.programs.find(({ role }) => role === 'caller');
  if (caller === undefined) throw new Error('no caller was started yet');
  caller.signal('SIGKILL');
  await caller.ended;
  scene.evidence.journal('killed', { process: 'caller', pid: caller.pid, requestId: 'r1' });
  await reached.release(whenKilled(scene));
  askAgain(scene);
}

export function askAgain(scene: Scene): void {
  const [request] = scene.plan.requests;
  if (request === undefined) return;
  scene.evidence.journal('asked', { requestId: request.requestId });
  scene.startCaller(request);
}
