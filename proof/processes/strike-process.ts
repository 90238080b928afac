import { setTimeout as sleep } from 'node:timers/promises';
import { HAPPENED, type DidFire } from './fault';
import type { Reached, Release } from './firing-point';
import type { Program } from './program';
import type { Scene } from './scene';
import { until } from './until';
import { windowOf } from './windows';

/** SIGKILL; resolves when the process is gone. */
export async function killWorker(scene: Scene): Promise<void> {
  const worker = scene.worker();
  worker.signal('SIGKILL');
  await worker.ended;
  scene.evidence.journal('killed', { process: 'worker', pid: worker.pid });
}

/** What becomes of the held call of a process that died: in a sweep it is lost. */
const whenKilled = ({ plan }: Scene, dead: 'worker' | 'starter'): Release => {
  if (plan.window === null) return 'lost';
  const window = windowOf(plan.window);
  return window.dies === dead ? window.whenKilled : 'go-on';
};

/** What most faults of the world are combined with: whoever stands in the window dies there. */
export const killInWindow = (scene: Scene, reached: Reached): Promise<DidFire> =>
  scene.plan.window !== null && windowOf(scene.plan.window).dies === 'starter'
    ? sigkillStarter(scene, reached)
    : sigkillWorker(scene, reached);

export async function sigkillWorker(scene: Scene, reached: Reached): Promise<DidFire> {
  await killWorker(scene);
  await reached.release(whenKilled(scene, 'worker'));
  await scene.startWorker();
  return HAPPENED;
}

/** The first caller dies; whoever asked asks again with the same request id. */
export async function sigkillStarter(scene: Scene, reached: Reached): Promise<DidFire> {
  await killCaller(scene);
  await reached.release(whenKilled(scene, 'starter'));
  askAgain(scene);
  return HAPPENED;
}

export async function killCaller(scene: Scene): Promise<void> {
  const caller = scene.programs.find(({ role }) => role === 'caller');
  if (caller === undefined) throw new Error('no caller was started yet');
  caller.signal('SIGKILL');
  await caller.ended;
  scene.evidence.journal('killed', { process: 'caller', pid: caller.pid, requestId: 'r1' });
}

export const askAgain = (scene: Scene): void => ask(scene, 0);

/** Somebody asks for the request of that index. */
export function ask(scene: Scene, index: number): void {
  const request = scene.plan.requests[index];
  if (request === undefined) throw new Error(`the plan has no request ${index}`);
  scene.evidence.journal('asked', { requestId: request.requestId });
  scene.startCaller(request);
}

export async function sigkillBoth(scene: Scene, reached: Reached): Promise<DidFire> {
  await killCaller(scene);
  await killWorker(scene);
  await reached.release(scene.plan.window === null ? 'lost' : windowOf(scene.plan.window).whenKilled);
  askAgain(scene);
  await scene.startWorker();
  return HAPPENED;
}

/** The next one dies as soon as it is at work. */
export async function sigkillInTurn(scene: Scene, reached: Reached): Promise<DidFire> {
  await sigkillWorker(scene, reached);
  await killWorker(scene);
  await scene.startWorker();
  return HAPPENED;
}

/** Beyond start-to-close, when the server has given up what the stopped worker was at. */
export async function sigstopWorker(scene: Scene, reached: Reached): Promise<DidFire> {
  const stopped = scene.worker();
  stopped.signal('SIGSTOP');
  scene.evidence.journal('stopped', { process: 'worker', pid: stopped.pid });
  const pastDeadline = sleep(scene.settings.startToCloseMs + 1_000);
  await reached.release('go-on');
  await scene.startWorker();
  await pastDeadline;
  stopped.signal('SIGCONT');
  scene.evidence.journal('continued', { process: 'worker', pid: stopped.pid });
  return HAPPENED;
}

/** Time for the log line of a drain. */
const DRAINS_WITHIN_MS = 10_000;

const isDraining = (worker: Program) => (): boolean => /DRAINING|STOPPING/.test(worker.stderr());

/** One that drains already ends at once by a second SIGTERM, its sessions left behind: that is no orderly end. */
export const beginDrain = (worker: Program): void => {
  if (!worker.wasSent('SIGTERM')) worker.signal('SIGTERM');
};

export async function sigtermThenSigkill(scene: Scene, reached: Reached): Promise<DidFire> {
  const worker = scene.worker();
  beginDrain(worker);
  await until(DRAINS_WITHIN_MS, () => isDraining(worker)() || worker.end() !== undefined);
  await sigkillWorker(scene, reached);
  return HAPPENED;
}

/** An orderly hand-over: what is held goes on, and the worker may end what it is at. */
export async function sigtermWorker(scene: Scene, reached: Reached): Promise<DidFire> {
  const worker = scene.worker();
  beginDrain(worker);
  await until(DRAINS_WITHIN_MS, () => isDraining(worker)() || worker.end() !== undefined);
  await reached.release('go-on');
  await scene.startWorker();
  await worker.ended;
  scene.evidence.journal('drained', { process: 'worker', pid: worker.pid });
  return HAPPENED;
}

export async function sigkillServer(scene: Scene, reached: Reached): Promise<DidFire> {
  await scene.server.kill();
  scene.evidence.journal('killed', { process: 'server' });
  await reached.release('go-on');
  await scene.server.restart();
  return HAPPENED;
}

export async function sigkillServerAndWorker(scene: Scene, reached: Reached): Promise<DidFire> {
  await scene.server.kill();
  scene.evidence.journal('killed', { process: 'server' });
  await killWorker(scene);
  await reached.release(whenKilled(scene, 'worker'));
  // It has to wait for its server, so it is ready only once that is back.
  const started = scene.startWorker();
  await scene.server.restart();
  await started;
  return HAPPENED;
}
