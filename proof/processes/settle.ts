import { setTimeout as sleep } from 'node:timers/promises';
import { isRunGone } from '../../src/contract/run-gone';
import type { Scene } from './scene';

const LOOK_EVERY_MS = 500;
/** What the round's deadline leaves for callers to hear of the end. */
const CALLERS_WITHIN_MS = 30_000;

type Standing = 'absent' | 'open' | 'settled';

/**
 * Waits until every request has ended, or stands in a condition that its plan expects, and the callers have left; gives
 * up at the plan's deadline, which the judge then sees.
 */
export function settle(scene: Scene): Promise<void> {
  const { outcomes } = scene.plan.expect;
  return settleIn(scene, new Set(outcomes), new AbortController().signal);
}

/** The same before the fault, whose conditions are none that a request may come to rest in yet. */
export function settleAsAsked(scene: Scene, signal: AbortSignal): Promise<void> {
  return settleIn(scene, new Set(), signal);
}

async function settleIn(scene: Scene, rests: ReadonlySet<string>, signal: AbortSignal): Promise<void> {
  const end = performance.now() + scene.plan.deadlineMs;
  for (; performance.now() < end; await sleep(LOOK_EVERY_MS)) {
    if (signal.aborted) return;
    const standings = await Promise.all(
      scene.plan.requests.map(({ requestId }) => standing(scene, requestId, rests)),
    );
    if (standings.every((each) => each === 'settled')) break;
  }
  await letCallersLeave(scene);
}

async function standing(scene: Scene, requestId: string, rests: ReadonlySet<string>): Promise<Standing> {
  try {
    const operation = await scene.snapflow().operation(requestId, { connection: scene.connection });
    const { status, closedAt } = await operation.overview();
    if (closedAt !== undefined) return 'settled';
    return rests.has(status.state) || rests.has(status.condition ?? '') ? 'settled' : 'open';
  } catch (error) {
    if (isRunGone(error) || (error as Error).name === 'OperationNotFound')
      return leftWithout(scene) ? 'settled' : 'absent';
    // The server may be down for the moment: that is the round.
    return 'open';
  }
}

/** Nothing was accepted, and nobody asks any more. */
const leftWithout = ({ programs }: Scene): boolean => {
  const callers = programs.filter(({ role }) => role === 'caller');
  return callers.length > 0 && callers.every((caller) => caller.end() !== undefined);
};

async function letCallersLeave({ programs }: Scene): Promise<void> {
  const callers = programs.filter(({ role }) => role === 'caller');
  const timer = setTimeout(() => callers.forEach((caller) => caller.signal('SIGINT')), CALLERS_WITHIN_MS);
  await Promise.all(callers.map(({ ended }) => ended));
  clearTimeout(timer);
}
