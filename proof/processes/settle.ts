import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { Scene } from './scene';

const LOOK_EVERY_MS = 300;
/** What the round's deadline leaves for callers to hear of the end. */
const CALLERS_WITHIN_MS = 30_000;

type Standing = 'absent' | 'open' | 'settled';

/**
 * Waits until every request has ended, or stands in a condition that its plan expects, and the callers have left; gives
 * up at the plan's deadline, which the judge then sees.
 */
export async function settle(scene: Scene, signal?: AbortSignal): Promise<void> {
  const { plan } = scene;
  const end = performance.now() + plan.deadlineMs;
  for (; performance.now() < end; await sleep(LOOK_EVERY_MS)) {
    if (signal?.aborted === true) return;
    if ((await standings(scene)).every((standing) => standing === 'settled')) break;
  }
  await letCallersLeave(scene);
}

async function standings(scene: Scene): Promise<readonly Standing[]> {
  return Promise.all(scene.plan.requests.map(({ requestId }) => standing(scene, requestId)));
}

async function standing(scene: Scene, requestId: string): Promise<Standing> {
  const { plan } = scene;
  try {
    const operation = await scene.snapflow().operation(requestId, { connection: scene.connection });
    const { status, closedAt } = await operation.overview();
    if (closedAt !== undefined) return 'settled';
    const shown: readonly string[] = [status.state, status.condition ?? ''];
    return plan.expect.outcomes.some((outcome) => shown.includes(outcome)) ? 'settled' : 'open';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError || (error as Error).name === 'OperationNotFound')
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
