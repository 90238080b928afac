import { setTimeout as sleep } from 'node:timers/promises';
import { holdRest } from '../processes/firing-point';
import { rpcOf } from '../processes/rpc';
import type { Scene } from '../processes/scene';
import { killCaller, killWorker } from '../processes/strike-process';
import type { Recovery } from '../report';
import { allClosed, askAll, inPhase, inRecoveryScene, requestsOf, sooner } from './recovery-scene';

export interface Measurement extends Pick<Recovery, 'what' | 'targetMs' | 'note'> {
  /** Milliseconds from the end of the fault. */
  readonly measure: () => Promise<number>;
}

const MANY = 10;
const LONG_TASK_MS = 90_000;
const STORM_MS = 60_000;
/** Long enough that a second login would have come. */
const SECOND_LOGIN_WITHIN_MS = 1_500;

const allWait = (scene: Scene): Promise<void> =>
  sooner('all wait', async () => {
    for (const { requestId } of requestsOf(scene))
      if (!(await inPhase(scene, requestId, 'wait'))) return false;
    return true;
  });

/** A wait is delivered to some worker, for the first time after this was asked. */
const watched = (scene: Scene): Promise<number> =>
  new Promise((resolve) => {
    scene.workerLink.add({
      moment: 'after',
      matches: rpcOf('PollActivityTaskQueue', 'awaitTask'),
      act: () => {
        resolve(performance.now());
        return 'go-on';
      },
    });
  });

/** The worker that has the work dies; another one is there already. */
async function killedWhileWaiting(): Promise<number> {
  return inRecoveryScene({ taskMs: LONG_TASK_MS }, async (scene) => {
    await askedAndWatched(scene);
    const working = scene.worker();
    await scene.startWorker();
    const again = watched(scene);
    working.signal('SIGKILL');
    const killedAt = performance.now();
    return (await again) - killedAt;
  });
}

/** In phase wait it may have no worker yet; then the first one would count as the next. */
async function askedAndWatched(scene: Scene): Promise<void> {
  const first = watched(scene);
  await askAll(scene);
  await first;
}

async function killedInStart(): Promise<number> {
  return inRecoveryScene({ taskMs: LONG_TASK_MS }, async (scene) => {
    const { reached } = await holdRest(scene, 'linkedClone', 'after');
    await askAll(scene);
    const held = await reached;
    const working = scene.worker();
    await scene.startWorker();
    const decided = watched(scene);
    working.signal('SIGKILL');
    const killedAt = performance.now();
    await held.release('lost');
    return (await decided) - killedAt;
  });
}

/** Every task ends while the server is away, so every run has something to do when it is back. */
async function serverKilled(): Promise<number> {
  return inRecoveryScene({ taskMs: 6_000, requests: MANY, killsServer: true }, async (scene) => {
    await askAll(scene);
    await allWait(scene);
    await scene.server.kill();
    await sooner('every task has ended', async () =>
      (await scene.control.state()).tasks.every(({ status }) => status === 'SUCCEEDED'),
    );
    await scene.server.restart();
    const backAt = performance.now();
    await allClosed(scene);
    return performance.now() - backAt;
  });
}

async function stormOf503(): Promise<number> {
  return inRecoveryScene({ taskMs: 20_000, requests: MANY }, async (scene) => {
    const { control } = scene;
    await askAll(scene);
    await allWait(scene);
    await control.plant({ operation: '*', action: { status: 503, errorType: 'SERVICE_UNAVAILABLE' } });
    await sleep(STORM_MS);
    await control.call('DELETE', '/faults');
    await control.call('POST', '/sessions/expire');
    const endedAt = performance.now();
    await assertOneLoginAtATime(scene);
    await allClosed(scene);
    return performance.now() - endedAt;
  });
}

/** The first login of each host is held: no other one may come beside it. */
async function assertOneLoginAtATime(scene: Scene): Promise<void> {
  const { control } = scene;
  await control.plant({ operation: 'appliance.login', action: 'hold' });
  await control.plant({ operation: 'vcenter.login', action: 'hold' });
  await sooner('a login is held', async () => (await control.holds()).length > 0);
  await sleep(SECOND_LOGIN_WITHIN_MS);
  const held = (await control.holds()).map(({ operation }) => operation);
  if (new Set(held).size !== held.length)
    throw new Error(`Logins are in flight together: ${held.join(', ')}.`);
  await control.call('DELETE', '/faults');
  for (const { hold } of await control.holds()) await control.release(hold);
}

async function callerKilled(): Promise<number> {
  return inRecoveryScene({ taskMs: 20_000 }, async (scene) => {
    const [request] = scene.plan.requests;
    if (request === undefined) throw new Error('a plan has a request');
    scene.startCaller(request);
    await sooner('it waits', () => inPhase(scene, 'r1', 'wait'));
    await killCaller(scene);
    const killedAt = performance.now();
    const again = scene.startCaller(request);
    await sooner('the next caller follows', () => Promise.resolve(/^r1: /m.test(again.stderr())));
    return performance.now() - killedAt;
  });
}

/** The worker dies alone, and a new one is started only then: what a supervisor does. */
async function killedAndStartedAnew(): Promise<number> {
  return inRecoveryScene({ taskMs: LONG_TASK_MS }, async (scene) => {
    await askedAndWatched(scene);
    const again = watched(scene);
    await killWorker(scene);
    const killedAt = performance.now();
    await scene.startWorker();
    return (await again) - killedAt;
  });
}

export const MEASUREMENTS: readonly Measurement[] = [
  {
    what: 'worker killed while it waits: watched by another one',
    targetMs: 33_000,
    measure: killedWhileWaiting,
  },
  {
    what: 'worker killed while it waits: watched by one that is started then',
    targetMs: 33_000,
    measure: killedAndStartedAnew,
  },
  { what: 'worker killed in the start: decided', targetMs: 55_000, measure: killedInStart },
  {
    what: `Temporal server killed and back: all of ${MANY} runs have ended`,
    targetMs: 15_000,
    measure: serverKilled,
  },
  {
    what: `storm of 503 for 60 s: all of ${MANY} requests have ended`,
    targetMs: 45_000,
    note: 'all waited when it began; at its end every session has expired, and at most one login of a host is in flight',
    measure: stormOf503,
  },
  { what: 'caller killed: attached again', targetMs: 2_000, measure: callerKilled },
];
