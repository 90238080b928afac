import { setTimeout as sleep } from 'node:timers/promises';
import { holdRest } from '../processes/firing-point';
import { rpcOf } from '../processes/rpc';
import type { RoundEnvironment } from '../processes/round-environment';
import { killCaller, killWorker } from '../processes/strike-process';
import type { Recovery } from '../report';
import {
  allClosed,
  askAll,
  inPhase,
  inRecoveryEnvironment,
  requestsOf,
  sooner,
} from './recovery-environment';

export interface Measurement extends Pick<Recovery, 'what' | 'targetMs' | 'note'> {
  /** Milliseconds from the end of the fault. */
  readonly measure: () => Promise<number>;
}

const MANY = 10;
const LONG_TASK_MS = 90_000;
const STORM_MS = 60_000;
/** Long enough that a second login would have come. */
const SECOND_LOGIN_WITHIN_MS = 1_500;

const allWait = (round: RoundEnvironment): Promise<void> =>
  sooner('all wait', async () => {
    for (const { requestId } of requestsOf(round))
      if (!(await inPhase(round, requestId, 'wait'))) return false;
    return true;
  });

/** A wait is delivered to some worker, for the first time after this was asked. */
const watched = (round: RoundEnvironment): Promise<number> =>
  new Promise((resolve) => {
    round.workerLink.add({
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
  return inRecoveryEnvironment({ taskMs: LONG_TASK_MS }, async (round) => {
    await askedAndWatched(round);
    const working = round.worker();
    await round.startWorker();
    const again = watched(round);
    working.signal('SIGKILL');
    const killedAt = performance.now();
    return (await again) - killedAt;
  });
}

/** In phase wait it may have no worker yet; then the first one would count as the next. */
async function askedAndWatched(round: RoundEnvironment): Promise<void> {
  const first = watched(round);
  await askAll(round);
  await first;
}

async function killedInStart(): Promise<number> {
  return inRecoveryEnvironment({ taskMs: LONG_TASK_MS }, async (round) => {
    const { reached } = await holdRest(round, 'linkedClone', 'after');
    await askAll(round);
    const held = await reached;
    const working = round.worker();
    await round.startWorker();
    const decided = watched(round);
    working.signal('SIGKILL');
    const killedAt = performance.now();
    await held.release('lost');
    return (await decided) - killedAt;
  });
}

/** Every task ends while the server is away, so every run has something to do when it is back. */
async function serverKilled(): Promise<number> {
  return inRecoveryEnvironment({ taskMs: 6_000, requests: MANY, killsServer: true }, async (round) => {
    await askAll(round);
    await allWait(round);
    await round.server.kill();
    await sooner('every task has ended', async () =>
      (await round.control.state()).tasks.every(({ status }) => status === 'SUCCEEDED'),
    );
    await round.server.restart();
    const backAt = performance.now();
    await allClosed(round);
    return performance.now() - backAt;
  });
}

async function stormOf503(): Promise<number> {
  return inRecoveryEnvironment({ taskMs: 20_000, requests: MANY }, async (round) => {
    const { control } = round;
    await askAll(round);
    await allWait(round);
    await control.fault({ operation: '*', action: { status: 503, errorType: 'SERVICE_UNAVAILABLE' } });
    await sleep(STORM_MS);
    await control.clearFaults();
    await control.expireSessions();
    const endedAt = performance.now();
    await assertOneLoginAtATime(round);
    await allClosed(round);
    return performance.now() - endedAt;
  });
}

/** The first login of each host is held: no other one may come beside it. */
async function assertOneLoginAtATime(round: RoundEnvironment): Promise<void> {
  const { control } = round;
  await control.fault({ operation: 'appliance.login', action: 'hold' });
  await control.fault({ operation: 'vcenter.login', action: 'hold' });
  await sooner('a login is held', async () => (await control.holds()).length > 0);
  await sleep(SECOND_LOGIN_WITHIN_MS);
  const held = (await control.holds()).map(({ operation }) => operation);
  if (new Set(held).size !== held.length)
    throw new Error(`Logins are in flight together: ${held.join(', ')}.`);
  await control.clearFaults();
  for (const { hold } of await control.holds()) await control.release(hold);
}

async function callerKilled(): Promise<number> {
  return inRecoveryEnvironment({ taskMs: 20_000 }, async (round) => {
    const [request] = round.plan.requests;
    if (request === undefined) throw new Error('a plan has a request');
    round.startCaller(request);
    await sooner('it waits', () => inPhase(round, 'r1', 'wait'));
    await killCaller(round);
    const killedAt = performance.now();
    const again = round.startCaller(request);
    await sooner('the next caller follows', () => Promise.resolve(/^r1: /m.test(again.stderr())));
    return performance.now() - killedAt;
  });
}

/** The worker dies alone, and a new one is started only then: what a supervisor does. */
async function killedAndStartedAnew(): Promise<number> {
  return inRecoveryEnvironment({ taskMs: LONG_TASK_MS }, async (round) => {
    await askedAndWatched(round);
    const again = watched(round);
    await killWorker(round);
    const killedAt = performance.now();
    await round.startWorker();
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
