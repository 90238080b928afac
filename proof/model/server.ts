import type { Look, ObservedTask, TaskEnd } from '../../src/contract/evidence';
import { omitUndefined } from '../../src/contract/omit-undefined';
import type { Operation } from '../../src/contract/operations';
import { faulty, type Requester, type Scope, type ServerTask, type Step, type World } from './world';

/** How the service treats the tasks of an operation. */
interface ServiceRules {
  /** A task results in a machine of the requested name, which only one may have. */
  readonly makesVm: boolean;
  /** The service takes a snapshot first, so one is there while the task still runs, and after one that failed. */
  readonly showsBeforeEnd: boolean;
  /** A task is refused while another one of the machine is open, and two must not overlap. */
  readonly oneAtATime: boolean;
}

export const SERVICE: Readonly<Record<Operation, ServiceRules>> = {
  clone: { makesVm: true, showsBeforeEnd: false, oneAtATime: false },
  revert: { makesVm: false, showsBeforeEnd: true, oneAtATime: true },
};

export const US = 'snapflow@vsphere.local';
const OTHER = 'somebody@vsphere.local';
export const TARGET = 'vm-source';

/** A revert of an earlier request of ours: in every baseline, never this request's. */
const PREDECESSOR: ObservedTask = { taskId: 'predecessor', status: 'SUCCEEDED', targetId: TARGET, user: US };

export const hadEffect = ({ state }: ServerTask): boolean =>
  state === 'succeeded' || state === 'failed-with-effect';
/** Whether what it made is there under the name that was asked for. */
const hasName = (task: ServerTask): boolean => hadEffect(task) && task.renamed !== true;
export const resultOf = (task: ServerTask): string => `vm-${task.id}`;
export const snapshotOf = (task: ServerTask): string => `snapshot-${task.id}`;

function observed(operation: Operation, task: ServerTask): ObservedTask {
  const status = task.state === 'open' ? 'RUNNING' : task.state === 'succeeded' ? 'SUCCEEDED' : 'FAILED';
  return {
    taskId: task.id,
    status,
    targetId: TARGET,
    user: task.by === 'foreign' ? OTHER : US,
    ...(SERVICE[operation].makesVm && task.state === 'succeeded' ? { resultId: resultOf(task) } : {}),
  };
}

/** Whether a task works on the name of a request. Where each has its own one, only the request's own tasks do. */
const isOfName = ({ ownName }: Pick<Scope, 'ownName'>, task: ServerTask, by: Requester): boolean =>
  !ownName || task.by === by;

/** What a complete look of a request sees now: lists and inventory may lag. */
export function seenNow(
  { operation, ownName }: Pick<Scope, 'operation' | 'ownName'>,
  tasks: readonly ServerTask[],
  by: Requester,
): Look {
  const listed = tasks.filter((task) => task.listed && !task.gone).map((task) => observed(operation, task));
  const made = tasks.filter((task) => task.visible && isOfName({ ownName }, task, by));
  const seen = { runId: 'run', serviceSeen: true };
  if (SERVICE[operation].makesVm) {
    const vms = made.filter(hasName).map((task) => ({ vmId: resultOf(task), powerState: 'POWERED_OFF' }));
    // Of a task that shows: what it made is read by its id.
    const strays = tasks
      .filter((task) => task.renamed === true && task.listed)
      .map((task) => ({ taskId: task.id, vmId: resultOf(task) }));
    return { ...seen, tasks: listed, vms, ...(strays.length === 0 ? {} : { strays }) };
  }
  return {
    ...seen,
    tasks: [PREDECESSOR, ...listed],
    vms: [],
    systemSnapshots: ['before', ...made.map(snapshotOf)],
  };
}

/** Accepts a call; its task's id tells the order. */
const accept = (world: World, by: ServerTask['by']): World => ({
  ...world,
  tasks: [
    ...world.tasks,
    { id: `${by}-${world.tasks.length}`, by, state: 'open', listed: false, gone: false, visible: false },
  ],
});

/** A name that somebody has is refused when the call arrives; two in flight may both succeed. */
export const isNameTaken = (scope: Scope, world: World, by: Requester): boolean =>
  SERVICE[scope.operation].makesVm && world.tasks.some((task) => isOfName(scope, task, by) && hasName(task));

export const arrive = (scope: Scope, world: World, by: Requester): World =>
  isNameTaken(scope, world, by) ? world : accept(world, by);

/** A call that was delivered twice: what the second delivery makes, if it is accepted, is a twin. */
export function arriveAgain(scope: Scope, world: World, by: Requester): World {
  const again = arrive(scope, world, by);
  const twin = again.tasks.at(-1);
  return again === world || twin === undefined ? again : change(again, twin.id, { twin: true });
}

export const succeed = (world: World, id: string): World => change(world, id, { state: 'succeeded' });

const change = (world: World, id: string, to: Partial<ServerTask>): World => ({
  ...world,
  tasks: world.tasks.map((task) => (task.id === id ? { ...task, ...to } : task)),
});

/** Everything from before is visible from now on. What a dead worker's kernel sends may be on its way still. */
export const settled = (operation: Operation, world: World): World => ({
  ...world,
  inFlight: world.inFlight.filter(({ isLate }) => isLate),
  attempts: world.attempts.map((attempt) =>
    attempt.state === 'paused' ? { ...attempt, over: true } : attempt,
  ),
  tasks: world.tasks.map((task) => ({
    ...task,
    listed: true,
    visible: task.visible || SERVICE[operation].showsBeforeEnd || hadEffect(task),
  })),
});

/** What this request made is visible from now on. */
export const shown = (operation: Operation, world: World, by: Requester): World => ({
  ...world,
  tasks: world.tasks.map((task) =>
    task.by === by
      ? { ...task, listed: true, visible: SERVICE[operation].showsBeforeEnd || hadEffect(task) }
      : task,
  ),
});

/** What the server does by itself. */
export function* serverEvents(scope: Scope, world: World): Generator<Step> {
  const [next, ...rest] = world.inFlight;
  if (next !== undefined) {
    yield ['a late call arrives', arrive(scope, { ...world, inFlight: rest }, next.by)];
    yield ['a late call is dropped', { ...world, inFlight: rest }];
  }
  if (scope.foreign && !world.foreignDone)
    yield ['another user starts the same', { ...accept(world, 'foreign'), foreignDone: true }];
  for (const task of world.tasks) yield* taskEvents(scope, world, task);
}

function* taskEvents(scope: Scope, world: World, task: ServerTask): Generator<Step> {
  const { operation, faults } = scope;
  const { id, by } = task;
  if (!task.listed) yield [`${id} is listed`, change(world, id, { listed: true })];
  if (!task.visible && (SERVICE[operation].showsBeforeEnd || hadEffect(task)))
    yield [`${id} shows what it made`, change(world, id, { visible: true })];
  if (task.state === 'open') {
    const taken =
      SERVICE[operation].makesVm &&
      world.tasks.some(
        (other) => other.id !== id && hasName(other) && (by === 'foreign' || isOfName(scope, other, by)),
      );
    if (taken) yield [`${id} finds the name taken`, change(world, id, { state: 'failed' })];
    yield [`${id} succeeds`, change(world, id, { state: 'succeeded' })];
  }
  if (world.faults >= faults || task.by === 'foreign') return;
  if (scope.renames && task.state === 'succeeded' && !task.gone && task.renamed !== true)
    yield [`what ${id} made is renamed`, faulty(change(world, id, { renamed: true }))];
  if (task.renamed === true) return;
  if (task.state === 'open') {
    yield [`${id} fails`, faulty(change(world, id, { state: 'failed' }))];
    if (task.kept !== true)
      yield [`${id} fails with an effect`, faulty(change(world, id, { state: 'failed-with-effect' }))];
  } else if (!task.gone && task.kept !== true && (task.visible || !hadEffect(task)))
    yield [`the record of ${id} is gone`, faulty(change(world, id, { gone: true }))];
}

/** How a task ended, or undefined while it has not. */
export function endOf(operation: Operation, world: World, taskId: string): TaskEnd | undefined {
  if (taskId === PREDECESSOR.taskId)
    return { taskId, runId: 'run', kind: 'succeeded', targetId: TARGET, user: US };
  const task = world.tasks.find(({ id }) => id === taskId);
  if (task === undefined || task.state === 'open') return undefined;
  const named = { taskId, runId: 'run' };
  if (task.gone) return { ...named, kind: 'gone' };
  if (task.state !== 'succeeded') return { ...named, kind: 'failed', message: 'no' };
  const { targetId = TARGET, user = US, resultId } = observed(operation, task);
  return { ...named, kind: 'succeeded', targetId, user, ...omitUndefined({ resultId }) };
}
