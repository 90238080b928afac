import type { Operation } from '../../src/contract/operations';
import type { StartOutcome } from '../../src/contract/evidence';
import { firstEvidence } from '../../src/workflows/evidence';
import type { Rules } from './rules';
import {
  arrive,
  arriveAgain,
  isNameTaken,
  resultOf,
  seenNow,
  settled,
  snapshotOf,
  succeed,
  TARGET,
  US,
  SERVICE,
} from './server';
import { withRun, type Recorded, type Requester, type Run, type Scope, type Step, type World } from './world';

const NOTHING: Recorded = {
  taskIds: [],
  ends: [],
  mayHavePosted: false,
  withoutWord: false,
  contested: false,
};

const newRun: Run = {
  phase: 'queued',
  recorded: NOTHING,
  posts: 0,
  refusals: 0,
  cancelled: false,
  reset: false,
  again: false,
  recalled: false,
  terminated: false,
  supplanted: false,
};

export function begin({ second }: Scope): World {
  const runs = { first: newRun, second: second ? newRun : { ...newRun, phase: 'ended' as const } };
  return { runs, attempts: [], tasks: [], inFlight: [], faults: 0, foreignDone: false, reruns: 0 };
}

const other = (by: Requester): Requester => (by === 'first' ? 'second' : 'first');

/** Takes the lock when it is free, waits out a terminated holder, and makes the first look. */
export function* queueSteps(scope: Scope, rules: Rules, world: World, by: Requester): Generator<Step> {
  const run = world.runs[by];
  // An own name has no lock: nobody is waited for.
  if (run.phase === 'queued' && scope.ownName)
    return yield [`${by} looks`, firstLook(scope, rules, world, by)];
  if (run.phase === 'queued') {
    if (world.holder !== undefined && world.holder !== by && rules.excludes) return;
    // A run that a reset made takes its predecessor's lock over.
    const isNew = rules.excludes && world.holder !== by;
    const locked: World = isNew ? contest({ ...world, holder: by }, by) : world;
    const settling = rules.settles && world.runs[other(by)].terminated;
    if (settling || (rules.settles && run.terminated))
      return yield [`${by} waits out a terminated holder`, withRun(locked, by, { phase: 'settling' })];
    return yield [`${by} takes the lock and looks`, firstLook(scope, rules, locked, by)];
  }
  if (run.phase === 'settling') {
    const ofLateCalls = rules.settlesLate && world.runs[other(by)].recorded.withoutWord;
    for (const [what, quiet] of quietTimes(scope, world, ofLateCalls))
      yield [`${what} for ${by}`, firstLook(scope, rules, quiet, by)];
  }
}

/** Whoever had it before can be told so: of what it may have posted, and of its turn. */
function contest(world: World, by: Requester): World {
  const { recorded } = world.runs[other(by)];
  const taken = withRun(world, by, { supplanted: false });
  return withRun(taken, other(by), {
    supplanted: true,
    recorded: { ...recorded, contested: recorded.contested || recorded.mayHavePosted },
  });
}

function firstLook(scope: Scope, { looksUnderLock, claims }: Rules, world: World, by: Requester): World {
  const run = world.runs[by];
  const seen = {
    ...seenNow(scope, looksUnderLock ? world.tasks : [], by),
    ...(claims && !scope.ownName ? { ofOthers: recordedBy(world, other(by)) } : {}),
  };
  const about = { ...aboutOf(scope), vmId: TARGET, user: US, baseline: seen, maxUnknowns: 2 };
  // `prepare` refuses a taken name where the run cannot have posted; the model leaves that to the start's look.
  const recorded = { ...run.recorded, baseline: run.recorded.baseline ?? seen };
  return withRun(world, by, { phase: 'active', evidence: firstEvidence(about, run.again), recorded });
}

/** What a run is told of its request. */
export const aboutOf = ({ operation, ownName }: Scope) => ({
  operation,
  called: 'ci-42',
  ...(ownName ? { hasOwnName: true as const } : {}),
});

/** Ids that a holder's history has, once it has closed; of a task's those of what it made, too. */
function recordedBy(world: World, by: Requester): readonly string[] {
  const { phase, recorded } = world.runs[by];
  if (phase !== 'ended') return [];
  const ids = [...recorded.taskIds, ...recorded.ends.map(({ taskId }) => taskId)];
  return world.tasks
    .filter(({ id }) => ids.includes(id))
    .flatMap((task) => [task.id, resultOf(task), snapshotOf(task)]);
}

/**
 * A quarantine: whatever was in flight arrives or is dropped, then everything is visible; no paused attempt may write any
 * more. What a dead worker's kernel sends has arrived, or never will, only after the longer wait.
 */
export function* quietTimes(
  scope: Scope,
  { inFlight, ...rest }: World,
  ofLateCalls: boolean,
): Generator<readonly [string, World]> {
  const { operation } = scope;
  const world = { ...rest, inFlight: ofLateCalls ? inFlight.map(inTime) : inFlight };
  yield ['a quiet time passes', settled(operation, world)];
  const next = world.inFlight.find(({ isLate }) => !isLate);
  if (next !== undefined)
    yield [
      'a quiet time passes, the late call arrives in it',
      settled(operation, arrive(scope, world, next.by)),
    ];
}

const inTime = ({ by }: World['inFlight'][number]) => ({ by, isLate: false });

const refused = (final: boolean): StartOutcome => ({
  kind: 'refused',
  final,
  failure: { type: final ? 'NameTaken' : 'Busy', message: 'no' },
});

const UNKNOWN = { kind: 'unknown', reason: 'lost' } as const satisfies StartOutcome;
const SILENT = { ...UNKNOWN, withoutWord: true } as const satisfies StartOutcome;

const answered = (type: 'NameTaken' | 'Unreachable'): StartOutcome => ({
  ...UNKNOWN,
  answer: { failure: { type, message: 'no' } },
});

/** What a start's outcome adds, to the evidence and to what its history records. */
function ended(rules: Rules, world: World, by: Requester, outcome: StartOutcome): World {
  const { evidence, recorded } = world.runs[by];
  const decision = evidence === undefined ? undefined : rules.decide(evidence);
  if (evidence === undefined || decision?.kind !== 'post') return world;
  const mayHavePosted =
    outcome.kind === 'started' || (outcome.kind === 'unknown' && outcome.afterReset !== true);
  return withRun(world, by, {
    evidence: rules.afterStart(evidence.known, decision.phase, outcome),
    recorded: {
      ...recorded,
      taskIds: outcome.kind === 'started' ? [...recorded.taskIds, outcome.taskId] : recorded.taskIds,
      mayHavePosted: recorded.mayHavePosted || mayHavePosted,
      withoutWord: recorded.withoutWord || (outcome.kind === 'unknown' && outcome.withoutWord === true),
    },
  });
}

/** The start activity up to its look: guards, and what forbids the post now. */
export function* startLooks(scope: Scope, rules: Rules, world: World, by: Requester): Generator<Step> {
  const { operation } = scope;
  const run = world.runs[by];
  if (rules.resetWaits && run.reset && !run.recalled)
    return yield [
      `${by} does not post after a reset`,
      ended(rules, world, by, { ...UNKNOWN, afterReset: true }),
    ];
  if (rules.excludes && rules.checksLock && !scope.ownName && world.holder !== by)
    return yield [`${by} finds its lock ended`, ended(rules, world, by, refused(true))];
  const isListedOpen = world.tasks.some((task) => task.listed && !task.gone && task.state === 'open');
  if (SERVICE[operation].oneAtATime && isListedOpen)
    return yield [`${by} sees an open task`, ended(rules, world, by, refused(false))];
  if (seenNow(scope, world.tasks, by).vms.length > 0)
    return yield [`${by} sees the name taken`, ended(rules, world, by, refused(true))];
  if (run.posts >= scope.posts) return;
  yield [
    `${by} looks before it posts`,
    { ...world, attempts: [...world.attempts, { by, state: 'looked', over: false }] },
  ];
}

/** The write of an attempt that has looked, or of one whose worker wakes up. */
export function* attemptEvents(scope: Scope, rules: Rules, world: World): Generator<Step> {
  for (const [index, attempt] of world.attempts.entries()) {
    const rest = world.attempts.filter((_, at) => at !== index);
    if (attempt.state === 'looked') yield* writes(scope, rules, { ...world, attempts: rest }, attempt.by);
    else yield* wakesUp(scope, rules, world, index);
  }
  if (!scope.pauses || world.faults >= scope.faults) return;
  const looked = world.attempts.find(({ state }) => state === 'looked');
  if (looked === undefined || world.attempts.some(({ state }) => state === 'paused')) return;
  const paused: World = {
    ...world,
    faults: world.faults + 1,
    attempts: world.attempts.map((each) => (each === looked ? { ...each, state: 'paused' } : each)),
  };
  yield ['the worker pauses, and the server gives the attempt up', ended(rules, paused, looked.by, SILENT)];
}

const TAKES_A_NAME: Readonly<Record<Operation, boolean>> = { clone: true, revert: false };

function* writes(scope: Scope, rules: Rules, world: World, by: Requester): Generator<Step> {
  const run = world.runs[by];
  const posted = withRun(world, by, { posts: run.posts + 1 });
  const taken = scope.ownName && rules.twiceIsUnknown ? UNKNOWN : answered('NameTaken');
  if (isNameTaken(scope, world, by))
    return yield ['the server says the name is taken', ended(rules, posted, by, taken)];
  if (run.refusals < 1)
    yield [
      'no capacity',
      ended(rules, withRun(world, by, { refusals: run.refusals + 1 }), by, refused(false)),
    ];
  const accepted = arrive(scope, posted, by);
  const taskId = accepted.tasks.at(-1)?.id ?? '';
  yield [`${by} posts`, ended(rules, accepted, by, { kind: 'started', taskId })];
  if (world.faults >= scope.faults) return;
  const lost = (next: World, outcome: StartOutcome = UNKNOWN): World =>
    ended(rules, { ...next, faults: next.faults + 1 }, by, outcome);
  yield ['the post is lost before its effect', lost(posted)];
  yield ['the worker dies, or the reply is lost, after the effect', lost(accepted)];
  const saying = (next: World, type: 'NameTaken' | 'Unreachable'): World =>
    ended(rules, { ...next, faults: next.faults + 1 }, by, answered(type));
  yield ['a gateway answers instead of the server', saying(posted, 'Unreachable')];
  yield ['a gateway answers after the effect', saying(accepted, 'Unreachable')];
  const tasks = accepted.tasks.map((task) => (task.id === taskId ? { ...task, kept: true as const } : task));
  if (TAKES_A_NAME[scope.operation] && !scope.ownName)
    yield ['a front end repeats the post: the name is taken', saying({ ...accepted, tasks }, 'NameTaken')];
  const sent = (isLate: boolean): World => ({ ...posted, inFlight: [...posted.inFlight, { by, isLate }] });
  yield ['the post is on its way when all give up', lost(sent(false))];
  yield ['the worker dies, the post is on its way', lost(sent(true), SILENT)];
  if (!scope.repeats) return;
  const faulted = { ...accepted, faults: accepted.faults + 1 };
  const twice = arriveAgain(scope, faulted, by);
  yield [`${by} posts, delivered twice`, ended(rules, twice, by, { kind: 'started', taskId })];
  const second = twice.tasks.at(-1)?.id ?? '';
  yield [
    `${by} posts, delivered twice, and hears of the second`,
    ended(rules, twice, by, { kind: 'started', taskId: second }),
  ];
  yield [
    `${by} posts, delivered twice, and hears that the name is taken`,
    ended(rules, succeed(faulted, taskId), by, taken),
  ];
}

/** Nobody listens to it any more; within its window it may still write. */
function* wakesUp(scope: Scope, { windowCloses }: Rules, world: World, index: number): Generator<Step> {
  const attempt = world.attempts[index];
  if (attempt === undefined) return;
  const gone = { ...world, attempts: world.attempts.filter((_, at) => at !== index) };
  if (attempt.over && windowCloses) return yield ['a paused attempt wakes up too late', gone];
  yield ['a paused attempt wakes up and posts', arrive(scope, gone, attempt.by)];
}
