import type { Look } from '../../src/contract/evidence';
import type { Decision } from '../../src/workflows/decide';
import type { Rules } from './rules';
import { quietTimes, queueSteps, startLooks } from './runs';
import { endOf, seenNow } from './server';
import { withRun, type End, type Requester, type Scope, type Step, type World } from './world';

/** The step that a run takes next, as `obtainEffect` does. A start under way has its own events. */
export function* runSteps(scope: Scope, rules: Rules, world: World, by: Requester): Generator<Step> {
  const { phase, evidence, cancelled } = world.runs[by];
  if (phase === 'queued' || phase === 'settling') return yield* queueSteps(scope, rules, world, by);
  if (phase === 'ended' || evidence === undefined) return;
  if (world.attempts.some((attempt) => attempt.by === by && attempt.state === 'looked')) return;
  const { known } = evidence;
  const decision = rules.decide(evidence);
  const end = (kind: End['kind']): Step => [`${by}: ${kind}`, { kind, by, world, decision }];
  switch (decision.kind) {
    case 'done':
    case 'fail':
    case 'needs-decision':
      return yield end(decision.kind);
    case 'post':
      if (cancelled) return yield stops(rules, world, by) ?? end('cancelled');
      return yield* startLooks(scope, rules, world, by);
    case 'pause':
      return yield [
        `${by} pauses`,
        withRun(world, by, { evidence: rules.afterPause(known, decision.phase) }),
      ];
    case 'quarantine':
      for (const [what, quiet] of quietTimes(scope, world, decision.late === true))
        yield [
          `${what} for ${by}`,
          withRun(quiet, by, { evidence: rules.afterQuarantine(known, decision.phase) }),
        ];
      return;
    case 'look':
      return yield* looks(scope, rules, world, { by, decision });
    case 'await':
      return yield* awaits(scope, rules, world, { by, decision });
    case 'recall':
      return yield recalls(rules, world, by);
  }
}

/** A run that a reset made may not know what was posted before it: it recalls, and looks, before it ends. */
function stops({ beforeStop }: Rules, world: World, by: Requester): Step | undefined {
  const { evidence, reset, recalled, recorded } = world.runs[by];
  const hasForgotten = reset && !recalled && recorded.mayHavePosted;
  if (evidence === undefined || beforeStop === undefined || !hasForgotten) return undefined;
  return [`${by} recalls before it stops`, withRun(world, by, { evidence: beforeStop(evidence.known) })];
}

/** A step of a run, in the phase that it is taken in. */
interface Taken<Kind extends Decision['kind']> {
  readonly by: Requester;
  readonly decision: Extract<Decision, { kind: Kind }>;
}

function* looks(scope: Scope, rules: Rules, world: World, { by, decision }: Taken<'look'>): Generator<Step> {
  const { evidence, supplanted } = world.runs[by];
  if (evidence === undefined) return;
  const after = (seen: Look) => rules.afterLook(evidence.known, decision.phase, seen);
  const told = rules.tellsTaken && supplanted ? ({ contested: true } as const) : {};
  const seen = { ...seenNow(scope, world.tasks, by), ...told };
  yield [`${by} looks`, withRun(world, by, { evidence: after(seen) })];
  if (!rules.lookFails || world.faults >= scope.faults) return;
  const nothing = after(seenNow(scope, [], by));
  yield ['a look fails', withRun({ ...world, faults: world.faults + 1 }, by, { evidence: nothing })];
}

function* awaits(
  { operation }: Scope,
  rules: Rules,
  world: World,
  { by, decision: { taskId, phase } }: Taken<'await'>,
): Generator<Step> {
  const { evidence, recorded } = world.runs[by];
  const end = endOf(operation, world, taskId);
  if (end === undefined || evidence === undefined) return;
  const known = { ...recorded, ends: [...recorded.ends.filter((each) => each.taskId !== taskId), end] };
  yield [
    `${by} learns that ${taskId} has ended`,
    withRun(world, by, { evidence: rules.afterEnd(evidence.known, phase, end), recorded: known }),
  ];
}

function recalls(rules: Rules, world: World, by: Requester): Step {
  const { evidence, recorded } = world.runs[by];
  if (evidence === undefined) return [`${by} has nothing to recall`, world];
  const { taskIds, ends, baseline, mayHavePosted, contested, withoutWord } = recorded;
  const earlier = {
    runId: 'run',
    taskIds,
    ends,
    undoBegun: false,
    contested: rules.tellsContest && contested,
    ...(rules.tellsSilence && withoutWord ? ({ withoutWord } as const) : {}),
    ...(baseline === undefined || !mayHavePosted ? {} : { baseline }),
  };
  return [
    `${by} recalls its earlier runs`,
    withRun(world, by, { evidence: rules.afterRecall(evidence.known, earlier), recalled: true }),
  ];
}
