import { maybeOthers, type Obtained } from '../../src/workflows/decide';
import { hadEffect, resultOf, SERVICE } from './server';
import { REQUESTERS, type End, type Requester, type Scope, type ServerTask, type World } from './world';

const tasksOf = (world: World, by: Requester) => world.tasks.filter((task) => task.by === by);

/** Accepted and not ended without an effect: what must never be two. */
const effectsOf = (world: World, by: Requester) =>
  tasksOf(world, by).filter(({ state, twin }) => state !== 'failed' && twin !== true);

/** Why this state must not be, or undefined. */
export function wrongState({ operation }: Scope, world: World): string | undefined {
  if (REQUESTERS.some((by) => effectsOf(world, by).length > 1)) return 'two effects of one request';
  const open = REQUESTERS.flatMap((by) => tasksOf(world, by)).filter(({ state }) => state === 'open');
  return SERVICE[operation].oneAtATime && open.length > 1 ? 'two reverts of one machine overlap' : undefined;
}

/** Why this end is wrong, or undefined. What looks like it is judged by what really happened. */
export function wrongEnd(scope: Scope, { kind, by, world, decision }: End): string | undefined {
  const made = tasksOf(world, by).filter(hadEffect);
  const isPending = mayStillCome(world, by);
  if (kind === 'cancelled')
    return effectsOf(world, by).length > 0 || isPending ? 'cancelled although there is an effect' : undefined;
  if (decision.kind === 'done') {
    if (made.length === 0) return 'done without an effect';
    return wrongEffect(scope, made, decision);
  }
  if (decision.kind === 'fail') {
    if (isPending) return 'failed while an effect may still come';
    const { type } = decision.failure;
    if (made.some(({ state }) => state === 'succeeded')) return `a false failure: ${type}`;
    return made.length > 0 && type !== 'CompensationIncomplete'
      ? `what was made is not named: ${type}`
      : undefined;
  }
  return isUndecidable(scope, world, by) ? undefined : 'needs a decision for no reason';
}

/** A machine of an own name may be the effect without its task. */
function wrongEffect(
  { ownName }: Scope,
  made: readonly ServerTask[],
  { taskId, vmId }: Obtained,
): string | undefined {
  const isOurs = made.some(({ id }) => id === taskId);
  if (!ownName || taskId !== undefined) return isOurs ? undefined : 'done with a task that is not ours';
  const maker = made.find((task) => resultOf(task) === vmId);
  if (maker === undefined) return 'done with a machine that is not ours';
  return maker.state === 'failed-with-effect' && !maker.gone
    ? 'done with what a failed task left'
    : undefined;
}

const mayStillCome = (world: World, by: Requester): boolean =>
  tasksOf(world, by).some(({ state }) => state === 'open') ||
  world.inFlight.some((sent) => sent.by === by) ||
  world.attempts.some((attempt) => attempt.by === by && !attempt.over);

/** Only what is new on the machine, a lost record, another's turn or many unknowns excuse asking an operator. */
function isUndecidable({ operation, ownName }: Scope, world: World, by: Requester): boolean {
  const { evidence } = world.runs[by];
  if (evidence === undefined) return true;
  const { known, phase } = evidence;
  // Its name proves it, unless it has another one by now, or a task has failed that may have left it.
  if (ownName && tasksOf(world, by).some(({ state }) => state === 'succeeded'))
    return world.tasks.some(
      ({ state, renamed }) => renamed === true || (state !== 'succeeded' && state !== 'open'),
    );
  return (
    known.unknowns >= known.maxUnknowns ||
    phase.kind === 'lost' ||
    maybeOthers(known, phase.kind === 'looking' ? phase.look : undefined) ||
    world.tasks.some((task) => SERVICE[operation].showsBeforeEnd || hadEffect(task))
  );
}
