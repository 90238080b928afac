import { rmSync } from 'node:fs';
import type { Plan } from '../judge/evidence/plan';
import { cloneBySomebody } from './clone-by-somebody';
import type { DidFire } from './fault';
import { faultOf } from './faults';
import { collectEvidence } from './collect-evidence';
import type { Armed, Reached } from './firing-point';
import { EvidenceFolder } from './folder';
import { openPorts } from './open-ports';
import { openRoundServer } from './round-server';
import { openRoundEnvironment, type RoundEnvironment, type Variation } from './round-environment';
import { settle, settleAsAsked } from './settle';
import { ask, beginDrain } from './strike-process';
import { samples } from './sample-progress';
import type { Replayer } from './replayer';
import type { SharedServers } from './servers';
import { armSweep } from './sweep-point';
import { until } from '../../test/environment/eventually';
import { windowOf } from './windows';

export interface Stage {
  readonly shared: SharedServers;
  readonly replayer: Replayer;
}

/** A drain waits for what is under way; an idle worker needs about a second. */
const DRAIN_MS = 30_000;

const PAST_WITHIN_MS = 10_000;

export interface Played {
  readonly fired: boolean;
  readonly wallMs: number;
}

/** Plays one plan and leaves its evidence in the folder. Rejects only when the harness itself failed. */
export async function playRound(plan: Plan, path: string, { shared, replayer }: Stage): Promise<Played> {
  const startedAt = performance.now();
  rmSync(path, { recursive: true, force: true });
  const evidence = new EvidenceFolder(path);
  const fault = faultOf(plan.fault);
  const server = await openRoundServer(plan.profile, shared, fault);
  try {
    const round = await openRoundEnvironment({ plan, evidence, server, variation: variationOf(plan) });
    try {
      const fired = await act(round);
      const { programs } = round;
      await collectEvidence(round, { replayer, endWorkers: () => drain(round) });
      evidence.write('processes.json', {
        started: programs.map(({ role, pid }) => ({ role, pid })),
        alive: programs.filter((program) => program.end() === undefined).map(({ pid }) => pid),
        portsOpen: await openPorts(round),
      });
      return { fired, wallMs: Math.round(performance.now() - startedAt) };
    } finally {
      await round.close();
    }
  } finally {
    await server.close();
  }
}

function variationOf(plan: Plan): Variation {
  const fromWindow = plan.window === null ? {} : windowOf(plan.window).variation?.(plan.operation);
  const fromFault = faultOf(plan.fault).variation?.(plan);
  return {
    ...fromWindow,
    ...fromFault,
    callerArgs: [...(fromWindow?.callerArgs ?? []), ...(fromFault?.callerArgs ?? [])],
  };
}

/** True when the planned fault fired. */
async function act(round: RoundEnvironment): Promise<boolean> {
  const { plan, control, evidence } = round;
  const fault = faultOf(plan.fault);
  for (const { vm } of plan.requests) await control.call('POST', `/vms/${vm}`, { content: 1 });
  await givePast(round);
  await fault.prepare?.(round);
  await round.startWorker();
  evidence.write('before.json', await control.state());
  const armed = await arm(round);
  const sampling = samples(round);
  ask(round, 0);
  const struck = await strikeWhenReached(round, armed);
  await settle(round);
  await sampling.stop();
  if (struck === undefined || !(await struck.didFire())) return false;
  evidence.fired(plan.fault, struck.where);
  return true;
}

/** A service that has never shown a task cannot prove by an empty list that there is none: give it a past. */
async function givePast(round: RoundEnvironment): Promise<void> {
  const { control } = round;
  await control.settings({ cloneMs: 10 });
  await cloneBySomebody(round, { vm: 'vm-1010', name: 'of-the-past' });
  const isOver = async () => (await control.state()).tasks.every(({ status }) => status === 'SUCCEEDED');
  if ((await until(PAST_WITHIN_MS, isOver)) === undefined)
    throw new Error('the clone of the past never ended');
  await control.settings({ cloneMs: round.taskMs, revertMs: round.taskMs });
  await control.call('DELETE', '/calls');
}

const arm = (round: RoundEnvironment): Promise<Armed> | Armed =>
  round.plan.window === null ? armSweep(round) : windowOf(round.plan.window).arm(round);

interface Struck {
  readonly where: string;
  readonly didFire: DidFire;
}

/** Undefined when the point was never reached. */
async function strikeWhenReached(round: RoundEnvironment, armed: Armed): Promise<Struck | undefined> {
  const over = new AbortController();
  const reached: Reached | undefined = await Promise.race([
    armed.reached,
    settleAsAsked(round, over.signal).then(() => undefined),
  ]);
  over.abort();
  if (reached === undefined) return undefined;
  return { where: reached.where, didFire: await faultOf(round.plan.fault).strike(round, reached) };
}

async function drain({ programs, evidence }: RoundEnvironment): Promise<void> {
  const open = programs.filter(({ role, end }) => role === 'worker' && end() === undefined);
  const deadline = setTimeout(() => open.forEach((worker) => worker.signal('SIGKILL')), DRAIN_MS);
  open.forEach(beginDrain);
  await Promise.all(open.map(({ ended }) => ended));
  clearTimeout(deadline);
  for (const { pid } of open) evidence.journal('drained', { process: 'worker', pid });
}
