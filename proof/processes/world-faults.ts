import { omitUndefined } from '../../src/contract/omit-undefined';
import { HAPPENED, type Expectation, type Fault, type PlannedCell } from './fault';
import { cancelRun } from './operator';
import { ourTasks, type RoundEnvironment } from './round-environment';
import { cloneBySomebody } from './clone-by-somebody';
import { killInWindow } from './strike-process';
import {
  isAtPost,
  isBeforePost,
  isStartUnknown,
  isTaskEnded,
  isTaskRunning,
  isUndo,
  unless,
} from './window-sets';

/** Below the quarantine of three seconds: what is seen later is the named limit. */
const LAG_MS = 1_500;
const HOUR_MS = 3_600_000;
const VM = 'vm-1001';

/** The world is so from the start on, and whoever stands in the window dies. */
const lagging = (
  group: 'D' | 'E',
  title: string,
  settings: Record<string, unknown>,
  expect?: Fault['expect'],
  impossible?: Fault['impossible'],
): Fault => ({
  group,
  title,
  prepare: async ({ control }) => {
    await control.settings(settings);
  },
  strike: killInWindow,
  ...omitUndefined({ expect, impossible }),
});

/** Somebody changes something at that moment. */
const meddling = (title: string, change: (round: RoundEnvironment) => Promise<unknown>): Fault => ({
  group: 'D',
  title,
  strike: async (round, reached) => {
    await change(round);
    await reached.release('go-on');
    return HAPPENED;
  },
});

async function madeVm({ control }: RoundEnvironment): Promise<string> {
  const made = (await control.ledger()).find(({ kind, vm }) => kind === 'clone' && vm === VM)?.resultVm;
  if (made === undefined) throw new Error('there is no clone to meddle with');
  return made;
}

const CHANGES = {
  'powered on': { power: 'POWERED_ON' },
  renamed: { name: 'mine-now' },
  moved: { cluster: 'cluster-02' },
} as const;
type Change = keyof typeof CHANGES;

async function changeClone(round: RoundEnvironment, change: Change): Promise<void> {
  const vm = await madeVm(round);
  await round.control.call('POST', `/vms/${vm}`, CHANGES[change]);
  round.evidence.journal('changed', { vm, change });
}

const ofMadeClone = (cell: PlannedCell) =>
  unless(
    cell.operation === 'clone' &&
      (cell.window === 'K20' || ['K16', 'K18', 'K19'].includes(cell.window ?? '')),
    'there is no clone that its request still acts on',
  );

/** Somebody's clone by now: the undo of a run that is cancelled after that keeps it, and says so. */
function changedThenCancelled(change: Change): Fault {
  return {
    group: 'D',
    title: `the clone is ${change}, then its request is cancelled`,
    impossible: ({ operation, window }) =>
      unless(operation === 'clone' && window === 'K16', 'played where the clone was just made'),
    expect: () => ({ outcomes: ['failed'], failureTypes: ['CompensationIncomplete'], neverHeals: true }),
    strike: async (round, reached) => {
      await changeClone(round, change);
      await cancelRun(round);
      await reached.release('go-on');
      return HAPPENED;
    },
  };
}

/** Between the undo's own check and its call nobody can be kept from changing the clone: a named limit. */
const MEETS_UNDO_ON_ITS_WAY: Expectation = {
  outcomes: ['cancelled', 'failed'],
  failureTypes: ['CompensationIncomplete'],
  undoOnItsWay: 'the deletion was checked and is on its way',
  neverHeals: true,
};

/** What somebody does to a clone whose task has ended is a warning (E13); in K20 the undo meets it. */
const inUndo =
  (expectation: Expectation) =>
  ({ window }: PlannedCell): Expectation =>
    window === 'K20' ? expectation : { outcomes: ['succeeded'] };

/** The checks see it, or the service refuses the post. */
const NOT_BEGUN = ['ObjectNotFound', 'SnapshotUnsuitable', 'Rejected'];

const failsBeforePost =
  (after: Expectation) =>
  (cell: PlannedCell): Expectation =>
    isBeforePost(cell) || isAtPost(cell)
      ? { outcomes: ['failed', 'succeeded'], failureTypes: NOT_BEGUN, neverHeals: true }
      : isUndo(cell)
        ? { outcomes: ['cancelled', 'failed'], failureTypes: ['CompensationIncomplete'], neverHeals: true }
        : after;

/** D: the world. */
export const WORLD_FAULTS = {
  'vm-visible-late': lagging('D', 'a new machine is visible late', { visibilityDelayMs: LAG_MS }),
  'task-list-lagging': lagging('D', 'a new task is listed late', { taskVisibilityDelayMs: LAG_MS }),
  'both-lagging': lagging('D', 'machine and task are visible late', {
    visibilityDelayMs: LAG_MS,
    taskVisibilityDelayMs: LAG_MS,
  }),
  'task-list-omits': {
    group: 'D',
    title: 'the task is left out of lists from now on',
    impossible: (cell) =>
      unless(isTaskRunning(cell) || isTaskEnded(cell), 'there is no task that could be left out'),
    expect: (cell) =>
      isStartUnknown(cell)
        ? { outcomes: ['succeeded', 'needs-decision'], undecidable: true }
        : { outcomes: ['succeeded'] },
    strike: async (round, reached) => {
      for (const { task } of await ourTasks(round))
        await round.control.call('POST', `/tasks/${encodeURIComponent(task)}`, { hide: true });
      return killInWindow(round, reached);
    },
  },
  'vm-moved': {
    ...meddling('the machine is moved to another cluster', ({ control }) =>
      control.call('POST', `/vms/${VM}`, { cluster: 'cluster-02' }),
    ),
    expect: failsBeforePost({ outcomes: ['succeeded'] }),
  },
  'source-deleted': {
    ...meddling('the source is deleted', ({ control }) => control.call('DELETE', `/vms/${VM}`)),
    impossible: ({ operation }) =>
      unless(operation === 'clone', 'a reverted machine that is gone has no outcome that could be read'),
    expect: failsBeforePost({ outcomes: ['succeeded'] }),
  },
  'source-renamed': meddling('the machine is renamed', ({ control }) =>
    control.call('POST', `/vms/${VM}`, { name: 'renamed-by-somebody' }),
  ),
  'clone-powered-on': {
    ...meddling('somebody powers the clone on', (round) => changeClone(round, 'powered on')),
    impossible: ofMadeClone,
    // The undo has checked it already: the call that is held is refused by the server, as a running machine's deletion is.
    expect: inUndo({ outcomes: ['failed'], failureTypes: ['CompensationIncomplete'], neverHeals: true }),
  },
  'clone-renamed': {
    ...meddling('somebody renames the clone', (round) => changeClone(round, 'renamed')),
    impossible: ofMadeClone,
    expect: inUndo(MEETS_UNDO_ON_ITS_WAY),
  },
  'clone-moved': {
    ...meddling('somebody moves the clone to another cluster', (round) => changeClone(round, 'moved')),
    impossible: ofMadeClone,
    expect: inUndo(MEETS_UNDO_ON_ITS_WAY),
  },
  'clone-powered-on-then-cancelled': changedThenCancelled('powered on'),
  'clone-renamed-then-cancelled': changedThenCancelled('renamed'),
  'clone-moved-then-cancelled': changedThenCancelled('moved'),
  'snapshot-expired': {
    ...meddling('the snapshot expires', async ({ control }) => {
      const state = await control.call<{ inventory: { snapshots: readonly Snapshot[] } }>('GET', '/state');
      const snapshot = state.inventory.snapshots.find(({ vm, name }) => vm === VM && name === 'nightly-0411');
      await control.call('POST', `/snapshots/${snapshot?.id}`, { expiresAt: new Date().toISOString() });
    }),
    // A task that has not begun yet needs it, too.
    expect: (cell) =>
      isTaskRunning(cell)
        ? { outcomes: ['succeeded', 'failed'], failureTypes: ['TaskFailed'], neverHeals: true }
        : failsBeforePost({ outcomes: ['succeeded'] })(cell),
  },
  'sibling-of-same-account': {
    ...meddling('the same account clones the same source under another name', (round) =>
      cloneBySomebody(round, { vm: VM, name: 'sibling-of-somebody' }),
    ),
    impossible: ({ operation }) =>
      unless(operation === 'clone', 'two reverts by one account cannot be told apart: a named limit'),
    // Where the start's answer is lost, too, nothing tells whose that machine is.
    expect: (cell) => ({
      outcomes: [isUndo(cell) ? 'cancelled' : 'succeeded', 'needs-decision'],
      undecidable: true,
    }),
  },
  'capacity-never-frees': {
    group: 'D',
    title: 'capacity never frees',
    impossible: (cell) => unless(isBeforePost(cell), 'the post was made already, or is under way'),
    variation: () => ({ operation: { startBudgetMs: 4_000 } }),
    expect: () => ({ outcomes: ['overdue'], neverHeals: true }),
    strike: async ({ control }, reached) => {
      await control.settings({ maxClones: 0, maxReverts: 0 });
      await reached.release('go-on');
      return HAPPENED;
    },
  },
  'appliance-clock-ahead': lagging('E', 'the clock of the appliance is an hour ahead', {
    clockSkewMs: HOUR_MS,
  }),
  'appliance-clock-behind': lagging('E', 'the clock of the appliance is an hour behind', {
    clockSkewMs: -HOUR_MS,
  }),
  'tasks-kept-briefly': lagging(
    'E',
    'an outage longer than tasks are remembered',
    { taskRetentionMs: 100 },
    () => ({ outcomes: ['succeeded', 'needs-decision'], undecidable: true }),
    (cell) =>
      unless(
        !isTaskEnded(cell) && !isUndo(cell),
        'whoever misses the end of the task asks an operator instead',
      ),
  ),
  'worker-clock-ahead': shiftedClock('an hour ahead', HOUR_MS),
  'worker-clock-behind': shiftedClock('an hour behind', -HOUR_MS),
} as const satisfies Record<string, Fault>;

interface Snapshot {
  readonly id: string;
  readonly vm: string;
  readonly name: string;
}

/** The worker's own clock, as its program reads it; its environment is all that is changed. */
function shiftedClock(by: string, shiftMs: number): Fault {
  const script = `const{now}=Date;globalThis.Date=class extends Date{constructor(...a){a.length===0?super(now()+${shiftMs}):super(...a)}static now(){return now()+${shiftMs}}}`;
  return {
    group: 'E',
    title: `the clock of the worker is ${by}`,
    variation: () => ({
      workerEnv: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(script)}` },
    }),
    strike: killInWindow,
  };
}
