import { setTimeout as sleep } from 'node:timers/promises';
import { HAPPENED, type DidFire } from './fault';
import type { Reached, Release } from './firing-point';
import type { Program } from '../../test/environment/program';
import type { RoundEnvironment } from './round-environment';
import { until } from '../../test/environment/eventually';
import { windowOf } from './windows';

/** SIGKILL; resolves when the process is gone. */
export async function killWorker(round: RoundEnvironment): Promise<void> {
  const { pid } = await round.killWorker();
  round.evidence.journal('killed', { process: 'worker', pid });
}

/** What becomes of the held call of a process that died: in a sweep it is lost. */
function whenKilled({ plan }: RoundEnvironment, dead: 'worker' | 'starter'): Release {
  if (plan.window === null) return 'lost';
  const window = windowOf(plan.window);
  return window.dies === dead ? window.whenKilled : 'go-on';
}

/** What most faults of the world are combined with: whoever stands in the window dies there. */
export const killInWindow = (round: RoundEnvironment, reached: Reached): Promise<DidFire> =>
  round.plan.window !== null && windowOf(round.plan.window).dies === 'starter'
    ? sigkillStarter(round, reached)
    : sigkillWorker(round, reached);

export async function sigkillWorker(round: RoundEnvironment, reached: Reached): Promise<DidFire> {
  await killWorker(round);
  await reached.release(whenKilled(round, 'worker'));
  await round.startWorker();
  return HAPPENED;
}

/** The first caller dies; whoever asked asks again with the same request id. */
export async function sigkillStarter(round: RoundEnvironment, reached: Reached): Promise<DidFire> {
  await killCaller(round);
  await reached.release(whenKilled(round, 'starter'));
  askAgain(round);
  return HAPPENED;
}

export async function killCaller(round: RoundEnvironment): Promise<void> {
  const caller = round.programs.find(({ role }) => role === 'caller');
  if (caller === undefined) throw new Error('no caller was started yet');
  caller.signal('SIGKILL');
  await caller.ended;
  round.evidence.journal('killed', { process: 'caller', pid: caller.pid, requestId: 'r1' });
}

export const askAgain = (round: RoundEnvironment): void => ask(round, 0);

/** Somebody asks for the request of that index. */
export function ask(round: RoundEnvironment, index: number): void {
  const request = round.plan.requests[index];
  if (request === undefined) throw new Error(`the plan has no request ${index}`);
  round.evidence.journal('asked', { requestId: request.requestId });
  round.startCaller(request);
}

export async function sigkillBoth(round: RoundEnvironment, reached: Reached): Promise<DidFire> {
  await killCaller(round);
  await killWorker(round);
  await reached.release(round.plan.window === null ? 'lost' : windowOf(round.plan.window).whenKilled);
  askAgain(round);
  await round.startWorker();
  return HAPPENED;
}

/** The next one dies as soon as it is at work. */
export async function sigkillInTurn(round: RoundEnvironment, reached: Reached): Promise<DidFire> {
  await sigkillWorker(round, reached);
  await killWorker(round);
  await round.startWorker();
  return HAPPENED;
}

/** Beyond start-to-close, when the server has given up what the stopped worker was at. */
export async function sigstopWorker(round: RoundEnvironment, reached: Reached): Promise<DidFire> {
  const stopped = round.worker();
  stopped.signal('SIGSTOP');
  round.evidence.journal('stopped', { process: 'worker', pid: stopped.pid });
  const pastDeadline = sleep(round.settings.startToCloseMs + 1_000);
  await reached.release('go-on');
  await round.startWorker();
  await pastDeadline;
  stopped.signal('SIGCONT');
  round.evidence.journal('continued', { process: 'worker', pid: stopped.pid });
  return HAPPENED;
}

/** Time for the log line of a drain. */
const DRAINS_WITHIN_MS = 10_000;

const isDraining = (worker: Program) => (): boolean => /DRAINING|STOPPING/.test(worker.stderr());

/** One that drains already ends at once by a second SIGTERM, its sessions left behind: that is no orderly end. */
export function beginDrain(worker: Program): void {
  if (!worker.wasSent('SIGTERM')) worker.signal('SIGTERM');
}

export async function sigtermThenSigkill(round: RoundEnvironment, reached: Reached): Promise<DidFire> {
  const worker = round.worker();
  beginDrain(worker);
  await until(DRAINS_WITHIN_MS, () => isDraining(worker)() || worker.end() !== undefined);
  await sigkillWorker(round, reached);
  return HAPPENED;
}

/** An orderly hand-over: what is held goes on, and the worker may end what it is at. */
export async function sigtermWorker(round: RoundEnvironment, reached: Reached): Promise<DidFire> {
  const worker = round.worker();
  beginDrain(worker);
  await until(DRAINS_WITHIN_MS, () => isDraining(worker)() || worker.end() !== undefined);
  await reached.release('go-on');
  await round.startWorker();
  await worker.ended;
  round.evidence.journal('drained', { process: 'worker', pid: worker.pid });
  return HAPPENED;
}

export async function sigkillServer(round: RoundEnvironment, reached: Reached): Promise<DidFire> {
  await round.server.kill();
  round.evidence.journal('killed', { process: 'server' });
  await reached.release('go-on');
  await round.server.restart();
  return HAPPENED;
}

export async function sigkillServerAndWorker(round: RoundEnvironment, reached: Reached): Promise<DidFire> {
  await round.server.kill();
  round.evidence.journal('killed', { process: 'server' });
  await killWorker(round);
  await reached.release(whenKilled(round, 'worker'));
  // It has to wait for its server, so it is ready only once that is back.
  const started = round.startWorker();
  await round.server.restart();
  await started;
  return HAPPENED;
}
