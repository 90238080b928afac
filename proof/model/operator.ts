import { firstEvidence } from '../../src/workflows/evidence';
import { aboutOf } from './runs';
import { REQUESTERS, withRun, type Requester, type Scope, type Step, type World } from './world';

/** What an operator does: cancels, terminates, resets, repeats. */
export function* operatorEvents(scope: Scope, world: World): Generator<Step> {
  for (const by of REQUESTERS) {
    const run = world.runs[by];
    const isOpen = run.phase === 'active';
    if (scope.cancels && by === 'first' && isOpen && !run.cancelled)
      yield ['a cancel is requested', withRun(world, by, { cancelled: true })];
    if (scope.terminates && by === 'first' && isOpen) yield [`${by} is terminated`, terminated(world, by)];
    if (by === 'first' && world.reruns < 1 && run.evidence !== undefined) yield* reruns(scope, world, by);
  }
}

function terminated(world: World, by: Requester): World {
  const closed = leftBehind(withRun(world, by, { phase: 'ended', terminated: true }), by);
  return released(closed, by);
}

export function released(world: World, by: Requester): World {
  const { holder, ...rest } = world;
  return holder === by ? rest : world;
}

/** An attempt under way goes on where it is; its run does not hear of it. */
function leftBehind(world: World, by: Requester): World {
  const isPending = world.attempts.some((attempt) => attempt.by === by && attempt.state === 'looked');
  if (!isPending) return world;
  const { recorded } = world.runs[by];
  return {
    ...withRun(world, by, { recorded: { ...recorded, mayHavePosted: true, withoutWord: true } }),
    attempts: world.attempts.map((attempt) =>
      attempt.by === by ? { ...attempt, state: 'paused' } : attempt,
    ),
  };
}

/** A reset to the beginning, to before the first start, or to now; `--again` of a terminated run. */
function* reruns(scope: Scope, world: World, by: Requester): Generator<Step> {
  const { resets, terminates } = scope;
  const { phase, terminated: wasTerminated, evidence, recorded } = world.runs[by];
  const next = { ...leftBehind(world, by), reruns: 1 };
  if (evidence === undefined || recorded.baseline === undefined) return;
  if (terminates && phase === 'ended' && wasTerminated)
    yield [
      'run --again',
      withRun(next, by, { phase: 'queued', again: true, recalled: false, cancelled: false }),
    ];
  if (resets === 'none' || (resets === 'open' && phase === 'ended')) return;
  const made = { reset: true, recalled: false, cancelled: false } as const;
  yield ['a reset to the beginning', withRun(next, by, { ...made, phase: 'queued' })];
  const { vmId, user, maxUnknowns } = evidence.known;
  const first = firstEvidence(
    { ...aboutOf(scope), vmId, user, baseline: recorded.baseline, maxUnknowns },
    false,
  );
  yield [
    'a reset to before the first start',
    withRun(next, by, { ...made, phase: 'active', evidence: first }),
  ];
  if (phase === 'active') yield ['a reset to now', withRun(next, by, made)];
}
