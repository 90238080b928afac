import { setTimeout as sleep } from 'node:timers/promises';
import { isRunGone } from '../../src/contract/run-gone';
import type { RoundEnvironment } from './round-environment';

const LOOK_EVERY_MS = 500;
/** What the round's deadline leaves for callers to hear of the end. */
const CALLERS_WITHIN_MS = 30_000;

type Standing = 'absent' | 'open' | 'settled';

/**
 * Waits until every request has ended, or stands in a condition that its plan expects, and the callers have left; gives
 * up at the plan's deadline, which the judge then sees.
 */
export function settle(round: RoundEnvironment): Promise<void> {
  const { outcomes } = round.plan.expect;
  return settleIn(round, new Set(outcomes), new AbortController().signal);
}

/** The same before the fault, whose conditions are none that a request may come to rest in yet. */
export function settleAsAsked(round: RoundEnvironment, signal: AbortSignal): Promise<void> {
  return settleIn(round, new Set(), signal);
}

async function settleIn(
  round: RoundEnvironment,
  rests: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<void> {
  const end = performance.now() + round.plan.deadlineMs;
  for (; performance.now() < end; await sleep(LOOK_EVERY_MS)) {
    if (signal.aborted) return;
    const standings = await Promise.all(
      round.plan.requests.map(({ requestId }) => standing(round, requestId, rests)),
    );
    if (standings.every((each) => each === 'settled')) break;
  }
  await letCallersLeave(round);
}

async function standing(
  round: RoundEnvironment,
  requestId: string,
  rests: ReadonlySet<string>,
): Promise<Standing> {
  try {
    const operation = await round.snapflow.operation(requestId, { connection: round.connection });
    const { status, closedAt } = await operation.overview();
    if (closedAt !== undefined) return 'settled';
    return rests.has(status.state) || rests.has(status.condition ?? '') ? 'settled' : 'open';
  } catch (error) {
    if (isRunGone(error) || (error as Error).name === 'OperationNotFound')
      return leftWithout(round) ? 'settled' : 'absent';
    // The server may be down for the moment: that is the round.
    return 'open';
  }
}

/** Nothing was accepted, and nobody asks any more. */
function leftWithout({ programs }: RoundEnvironment): boolean {
  const callers = programs.filter(({ role }) => role === 'caller');
  return callers.length > 0 && callers.every((caller) => caller.end() !== undefined);
}

async function letCallersLeave({ programs }: RoundEnvironment): Promise<void> {
  const callers = programs.filter(({ role }) => role === 'caller');
  const timer = setTimeout(() => callers.forEach((caller) => caller.signal('SIGINT')), CALLERS_WITHIN_MS);
  await Promise.all(callers.map(({ ended }) => ended));
  clearTimeout(timer);
}
