import type { Look, ObservedTask, StartOutcome, TaskEnd } from '../../../src/contract/evidence';
import type { Operation } from '../../../src/contract/names';
import { decide, type Decision, type Evidence } from '../../../src/workflows/decide';
import { firstEvidence } from '../../../src/workflows/earlier-runs';
import { afterEnd, afterLook, afterPause, afterQuarantine, afterStart } from '../../../src/workflows/gather';
import { look, OTHER, SOURCE, US } from './evidence';

/**
 * Explores every interleaving of one request's loop, driving the product's own `decide` and `gather`, with a server, its
 * lagging lists, lost replies, late effects, foreign requests and a cancel, up to the bounds below.
 *
 * Time is not modelled but assumed as the design names it: when a quarantine ends, every call in flight before it has
 * been delivered or dropped, and every effect from before it is visible.
 */
export const MOST_POSTS = 3;
export const MOST_FAULTS = 2;

/** What a mutant replaces. A look that failed is retried by the product; `lookFails` makes it read as empty. */
export interface Rules {
  readonly decide: typeof decide;
  readonly afterStart: typeof afterStart;
  readonly afterLook: typeof afterLook;
  readonly afterEnd: typeof afterEnd;
  readonly afterPause: typeof afterPause;
  readonly lookFails: boolean;
}

export const PRODUCT: Rules = { decide, afterStart, afterLook, afterEnd, afterPause, lookFails: false };

type TaskState = 'open' | 'succeeded' | 'failed' | 'failed-with-effect';

interface ServerTask {
  readonly id: string;
  readonly by: 'us' | 'foreign';
  readonly state: TaskState;
  readonly listed: boolean;
  /** The record is gone: only after its end, and not before what it made is visible. */
  readonly gone: boolean;
  /** What it made is shown by inventory and snapshot lists. */
  readonly visible: boolean;
}

interface World {
  readonly evidence: Evidence;
  readonly tasks: readonly ServerTask[];
  /** Calls that left and have not arrived. */
  readonly inFlight: number;
  readonly posts: number;
  readonly faults: number;
  readonly refusals: number;
  readonly cancelled: boolean;
  readonly foreignDone: boolean;
}

export interface Terminal {
  readonly kind: 'done' | 'fail' | 'needs-decision' | 'cancelled';
  readonly world: World;
  readonly decision: Decision;
}

export interface Exploration {
  readonly states: number;
  readonly terminals: Readonly<Record<string, number>>;
  /** Why a state must not be, and how it was reached; the first one found. */
  readonly counterexample?: { readonly why: string; readonly path: readonly string[] };
}

const hadEffect = ({ state }: ServerTask): boolean => state === 'succeeded' || state === 'failed-with-effect';
const ownTasks = ({ tasks }: World) => tasks.filter(({ by }) => by === 'us');
/** Accepted and not ended without an effect: what must never be two. */
const ownEffects = (world: World) => ownTasks(world).filter(({ state }) => state !== 'failed');
const resultOf = (task: ServerTask): string => `vm-${task.id}`;

function begin(operation: Operation, again: boolean): World {
  const predecessor: ServerTask[] =
    operation === 'revert'
      ? [{ id: 'predecessor', by: 'us', state: 'succeeded', listed: true, gone: false, visible: true }]
      : [];
  const baseline = seenNow(operation, predecessor);
  const about = { operation, called: 'ci-42', vmId: SOURCE, user: US, baseline, maxUnknowns: 2 };
  const evidence = { ...firstEvidence(about, again), mustRecall: false };
  const started = { evidence, inFlight: 0, posts: 0, faults: 0, refusals: 0 };
  return { ...started, tasks: [], cancelled: false, foreignDone: false };
}

const PREDECESSOR: ObservedTask = {
  taskId: 'predecessor',
  status: 'SUCCEEDED',
  targetId: SOURCE,
  user: US,
};

function observed(operation: Operation, task: ServerTask): ObservedTask {
  const status = task.state === 'open' ? 'RUNNING' : task.state === 'succeeded' ? 'SUCCEEDED' : 'FAILED';
  return {
    taskId: task.id,
    status,
    targetId: SOURCE,
    user: task.by === 'us' ? US : OTHER,
    ...(operation === 'clone' && task.state === 'succeeded' ? { resultId: resultOf(task) } : {}),
  };
}

/** What a complete look sees now: lists and inventory may lag. */
function seenNow(operation: Operation, tasks: readonly ServerTask[]): Look {
  const listed = tasks.filter((task) => task.listed && !task.gone && task.id !== 'predecessor');
  const made = tasks.filter((task) => task.visible && task.id !== 'predecessor');
  const isRevert = operation === 'revert';
  return look({
    tasks: [...(isRevert ? [PREDECESSOR] : []), ...listed.map((task) => observed(operation, task))],
    vms: isRevert ? [] : made.filter(hadEffect).map((task) => ({ vmId: resultOf(task), powerState: 'OFF' })),
    // The service takes the snapshot first, so one is there while the task still runs.
    ...(isRevert ? { systemSnapshots: ['before', ...made.map(({ id }) => `snapshot-${id}`)] } : {}),
  });
}

type Step = readonly [what: string, next: World | Terminal];

const accept = (world: World, by: ServerTask['by'] = 'us'): World => ({
  ...world,
  tasks: [
    ...world.tasks,
    { id: `${by}-${world.tasks.length}`, by, state: 'open', listed: false, gone: false, visible: false },
  ],
});

const change = (world: World, id: string, to: Partial<ServerTask>): World => ({
  ...world,
  tasks: world.tasks.map((task) => (task.id === id ? { ...task, ...to } : task)),
});

const faulty = (world: World): World => ({ ...world, faults: world.faults + 1 });

/** What may happen between two steps of the run. */
function* events(operation: Operation, world: World): Generator<Step> {
  if (world.inFlight > 0) {
    yield ['a late call arrives', arrive(operation, { ...world, inFlight: world.inFlight - 1 })];
    yield ['a late call is dropped', { ...world, inFlight: world.inFlight - 1 }];
  }
  if (!world.foreignDone)
    yield ['another user starts the same', { ...accept(world, 'foreign'), foreignDone: true }];
  if (!world.cancelled) yield ['a cancel is requested', { ...world, cancelled: true }];
  for (const task of world.tasks) yield* taskEvents(operation, world, task);
}

function* taskEvents(operation: Operation, world: World, task: ServerTask): Generator<Step> {
  const { id } = task;
  if (!task.listed) yield [`${id} is listed`, change(world, id, { listed: true })];
  if (!task.visible && (operation === 'revert' || hadEffect(task)))
    yield [`${id} shows what it made`, change(world, id, { visible: true })];
  if (task.state === 'open') {
    const taken = operation === 'clone' && world.tasks.some((other) => other.id !== id && hadEffect(other));
    if (taken) yield [`${id} finds the name taken`, change(world, id, { state: 'failed' })];
    yield [`${id} succeeds`, change(world, id, { state: 'succeeded' })];
  }
  if (world.faults >= MOST_FAULTS || task.by === 'foreign') return;
  if (task.state === 'open') {
    yield [`${id} fails`, faulty(change(world, id, { state: 'failed' }))];
    yield [`${id} fails with an effect`, faulty(change(world, id, { state: 'failed-with-effect' }))];
  } else if (!task.gone && (task.visible || !hadEffect(task)))
    yield [`the record of ${id} is gone`, faulty(change(world, id, { gone: true }))];
}

/** A name that somebody has is refused when the call arrives; two in flight may both succeed. */
const isNameTaken = (operation: Operation, world: World): boolean =>
  operation === 'clone' && world.tasks.some(hadEffect);

const arrive = (operation: Operation, world: World): World =>
  isNameTaken(operation, world) ? world : accept(world);

const refusedBy = (final: boolean): StartOutcome => ({
  kind: 'refused',
  final,
  failure: { type: final ? 'NameTaken' : 'Busy', message: 'no' },
});
const UNKNOWN: StartOutcome = { kind: 'unknown', reason: 'lost' };

/** One start activity: its own look, then at most one post. */
function* post(operation: Operation, rules: Rules, world: World): Generator<Step> {
  const end = (next: World, outcome: StartOutcome): World => ({
    ...next,
    evidence: rules.afterStart(next.evidence, outcome),
  });
  const listedOpen = world.tasks.some((task) => task.listed && !task.gone && task.state === 'open');
  const seesVm = seenNow(operation, world.tasks).vms.length > 0;
  if (operation === 'revert' && listedOpen) {
    yield ['the start sees an open task', end(world, refusedBy(false))];
    return;
  }
  if (seesVm || isNameTaken(operation, world)) {
    yield ['the name is taken', end(world, refusedBy(true))];
    return;
  }
  if (world.refusals < 1)
    yield ['no capacity', end({ ...world, refusals: world.refusals + 1 }, refusedBy(false))];
  if (world.posts >= MOST_POSTS) return;
  const posted = { ...world, posts: world.posts + 1 };
  const accepted = accept(posted);
  const taskId = accepted.tasks.at(-1)?.id ?? '';
  yield ['posted', end(accepted, { kind: 'started', taskId })];
  if (world.faults >= MOST_FAULTS) return;
  yield ['the post is lost before its effect', end(faulty(posted), UNKNOWN)];
  yield ['the worker dies, or the reply is lost, after the effect', end(faulty(accepted), UNKNOWN)];
  yield ['the post is on its way when all give up', end({ ...faulty(posted), inFlight: 1 }, UNKNOWN)];
}

function* lookStep(operation: Operation, rules: Rules, world: World): Generator<Step> {
  const seen = (what: Look): World => ({ ...world, evidence: rules.afterLook(world.evidence, what) });
  yield ['looks', seen(seenNow(operation, world.tasks))];
  if (rules.lookFails && world.faults < MOST_FAULTS)
    yield ['a look fails', faulty(seen(seenNow(operation, [])))];
}

/** Whatever was in flight arrives or is dropped, then everything is visible. */
function* quarantine(operation: Operation, world: World): Generator<Step> {
  const through = (next: World): World => ({
    ...next,
    inFlight: 0,
    tasks: next.tasks.map((task) => ({
      ...task,
      listed: true,
      visible: task.visible || operation === 'revert' || hadEffect(task),
    })),
    evidence: afterQuarantine(next.evidence),
  });
  yield ['the quarantine passes', through(world)];
  if (world.inFlight > 0)
    yield ['the quarantine passes, the late call arrives in it', through(arrive(operation, world))];
}

function* awaitStep(operation: Operation, rules: Rules, world: World, taskId: string): Generator<Step> {
  const known = (end: TaskEnd): World => ({ ...world, evidence: rules.afterEnd(world.evidence, end) });
  if (taskId === 'predecessor')
    return yield [
      'has ended',
      known({ taskId, runId: 'run-1', kind: 'succeeded', targetId: SOURCE, user: US }),
    ];
  const task = world.tasks.find(({ id }) => id === taskId);
  if (task === undefined || task.state === 'open') return;
  yield [`${taskId} has ended`, known(endOf(operation, task))];
}

function endOf(operation: Operation, task: ServerTask): TaskEnd {
  const named = { taskId: task.id, runId: 'run-1' };
  if (task.gone) return { ...named, kind: 'gone' };
  if (task.state !== 'succeeded') return { ...named, kind: 'failed', message: 'no' };
  const { targetId = SOURCE, user = US, resultId } = observed(operation, task);
  return { ...named, kind: 'succeeded', targetId, user, ...(resultId === undefined ? {} : { resultId }) };
}

/** The step that the loop takes next, as `obtainEffect` does. */
function* steps(operation: Operation, rules: Rules, world: World): Generator<Step> {
  const decision = rules.decide(world.evidence);
  switch (decision.kind) {
    case 'done':
    case 'fail':
    case 'needs-decision':
      return yield [decision.kind, { kind: decision.kind, world, decision }];
    case 'post':
      if (world.cancelled) return yield ['stops', { kind: 'cancelled', world, decision }];
      return yield* post(operation, rules, world);
    case 'pause':
      return yield ['pauses', { ...world, evidence: rules.afterPause(world.evidence) }];
    case 'quarantine':
      return yield* quarantine(operation, world);
    case 'look':
      return yield* lookStep(operation, rules, world);
    case 'await':
      return yield* awaitStep(operation, rules, world, decision.taskId);
    case 'recall':
      throw new Error('the model has no earlier runs');
  }
}

/** Why this end is wrong, or undefined. What looks like it is judged by what really happened. */
function wrongEnd(operation: Operation, { kind, world, decision }: Terminal): string | undefined {
  const made = ownTasks(world).filter(hadEffect);
  const pending = ownTasks(world).some(({ state }) => state === 'open') || world.inFlight > 0;
  if (kind === 'cancelled')
    return ownEffects(world).length > 0 || pending ? 'cancelled although there is an effect' : undefined;
  if (decision.kind === 'done') {
    if (made.length === 0) return 'done without an effect';
    if (!made.some(({ id }) => id === decision.taskId)) return 'done with a task that is not ours';
    return undefined;
  }
  if (decision.kind === 'fail') {
    if (pending) return 'failed while an effect may still come';
    const { type } = decision.failure;
    if (made.some(({ state }) => state === 'succeeded')) return `a false failure: ${type}`;
    // A FAILED task is final after one look: what becomes visible later is a named limit.
    const isSilent =
      made.some((task) => isShownBy(world.evidence.look, task)) && type !== 'CompensationIncomplete';
    if (isSilent) return `what was made is not named: ${type}`;
    return undefined;
  }
  return isUndecidable(operation, world) ? undefined : 'needs a decision for no reason';
}

const isShownBy = (seen: Look | undefined, task: ServerTask): boolean =>
  seen?.vms.some(({ vmId }) => vmId === resultOf(task)) === true ||
  seen?.systemSnapshots?.includes(`snapshot-${task.id}`) === true;

/** Only what is new on the machine, a lost record or many unknowns excuse asking an operator. */
const isUndecidable = (operation: Operation, world: World): boolean =>
  world.evidence.unknowns >= world.evidence.maxUnknowns ||
  world.evidence.lost !== undefined ||
  world.tasks.some((task) => operation === 'revert' || hadEffect(task));

const isTerminal = (next: World | Terminal): next is Terminal => 'kind' in next;

/** Walks breadth first, so that the first counterexample is a shortest one. */
export function explore(operation: Operation, rules: Rules = PRODUCT, again = false): Exploration {
  const first = begin(operation, again);
  const seen = new Map<string, { from?: string; what: string }>([[JSON.stringify(first), { what: 'begin' }]]);
  const terminals: Record<string, number> = {};
  const queue: [World, string][] = [[first, JSON.stringify(first)]];
  const pathTo = (key: string | undefined): string[] => {
    const at = key === undefined ? undefined : seen.get(key);
    return at === undefined ? [] : [...pathTo(at.from), at.what];
  };
  const found = (why: string, key: string, what?: string): Exploration => ({
    states: seen.size,
    terminals,
    counterexample: { why, path: [...pathTo(key), ...(what === undefined ? [] : [what])] },
  });
  // An array that grows while it is walked is the queue.
  for (const [world, key] of queue) {
    if (ownEffects(world).length > 1) return found('two effects', key);
    let moved = false;
    for (const [what, to] of both(steps(operation, rules, world), events(operation, world))) {
      moved = true;
      if (isTerminal(to)) {
        terminals[to.kind] = (terminals[to.kind] ?? 0) + 1;
        const why = wrongEnd(operation, to);
        if (why !== undefined) return found(why, key, what);
        continue;
      }
      const toKey = JSON.stringify(to);
      if (seen.has(toKey)) continue;
      seen.set(toKey, { from: key, what });
      queue.push([to, toKey]);
    }
    if (!moved && world.posts < MOST_POSTS) return found('stuck', key);
  }
  return { states: seen.size, terminals };
}

function* both<T>(...all: Iterable<T>[]): Generator<T> {
  for (const each of all) yield* each;
}
