import { HAPPENED, type Expectation, type Fault, type PlannedCell } from './fault';
import { loggedInSince } from './logins';
import { ourTasks, type RoundEnvironment } from './round-environment';
import { until } from '../../test/environment/eventually';
import { killInWindow } from './strike-process';
import {
  hasCallsToCome,
  isAtPost,
  isBeforePost,
  isDeleted,
  isStartUnknown,
  isTaskRunning,
  isUndo,
  mayRefuseLogin,
  unless,
} from './window-sets';

const POST = { clone: 'linkedClone', revert: 'revert' } as const;
const POST_PRIVILEGE = {
  clone: 'VirtualMachine.Provisioning.Clone',
  revert: 'VirtualMachine.State.RevertToSnapshot',
} as const;

/** Several retries, and fewer than the attempts that a read before the start has. */
const STORM_CALLS = 7;
const FEW_REFUSALS = 2;
/** A changed task is as it was once it has been polled so often. */
const POLLS_UNTIL_WELL = 3;
const WELL_WITHIN_MS = 60_000;

/** Time enough to change a task while it runs, also on a busy machine. */
const LONG_TASK_MS = 10_000;

const notBeforePost = (cell: PlannedCell) =>
  unless(isBeforePost(cell), 'the post was made already, or is under way');
const notRunning = (cell: PlannedCell) => unless(isTaskRunning(cell), 'no task runs in this window');

/** The next calls are answered so. */
const storm = (title: string, action: unknown, count = STORM_CALLS): Fault => ({
  group: 'C',
  title,
  impossible: (cell) => unless(hasCallsToCome(cell) && !isDeleted(cell), 'no call to vSphere follows'),
  strike: async ({ control }, reached) => {
    const hasFired = await control.fault({ operation: '*', action, count });
    await reached.release('go-on');
    return hasFired;
  },
});

/** The control path of the round's first task. */
export async function theTask({ control }: RoundEnvironment): Promise<string> {
  const [task] = await ourTasks({ control });
  if (task === undefined) throw new Error('there is no task to change');
  return `/tasks/${encodeURIComponent(task.task)}`;
}

const taskSays = (title: string, change: Record<string, unknown>, ends: Expectation): Fault => ({
  group: 'C',
  title,
  impossible: notRunning,
  variation: () => ({ taskMs: LONG_TASK_MS }),
  // Where the start's answer came too late nobody knows that the task is ours: it is looked for, and posted anew.
  expect: (cell) =>
    isStartUnknown(cell)
      ? { ...ends, outcomes: [...ends.outcomes, 'succeeded', 'needs-decision'], undecidable: true }
      : ends,
  strike: async (round, reached) => {
    await round.control.call('POST', await theTask(round), change);
    await reached.release('go-on');
    return HAPPENED;
  },
});

/** The task says something else until it was polled some times. */
const taskForAWhile = (title: string, status: string): Fault => ({
  group: 'C',
  title,
  impossible: notRunning,
  variation: () => ({ taskMs: LONG_TASK_MS }),
  strike: async (round, reached) => {
    const path = await theTask(round);
    await round.control.call('POST', path, { status });
    const polls = async () => {
      const { calls } = await round.control.calls();
      return (calls['tasks.get'] ?? 0) + (calls['tasks.list'] ?? 0);
    };
    const before = await polls();
    await reached.release('go-on');
    const polled = await until(WELL_WITHIN_MS, async () => (await polls()) >= before + POLLS_UNTIL_WELL);
    await round.control.call('POST', path, { status: 'RUNNING' });
    return () => polled !== undefined;
  },
});

/** C: what the service means. */
export const MEANING_FAULTS = {
  'sessions-expired': {
    group: 'C',
    title: 'every session ends: 401 midway',
    impossible: (cell) => unless(hasCallsToCome(cell) && !isDeleted(cell), 'no call to vSphere follows'),
    strike: async (round, reached) => {
      const hasLoggedIn = await loggedInSince(round);
      await round.control.expireSessions();
      await reached.release('go-on');
      return hasLoggedIn;
    },
  },
  'authentication-in-500': {
    ...storm('an authentication fault within a 500', { status: 500, errorType: 'UNAUTHENTICATED' }, 1),
    expect: mayRefuseLogin,
  },
  'privilege-revoked': {
    group: 'C',
    title: 'the privilege of the post is revoked for good',
    expect: (cell) => {
      if (isBeforePost(cell) || isAtPost(cell))
        return { outcomes: ['failed'], failureTypes: ['PrivilegeMissing'], neverHeals: true };
      if (!isUndo(cell)) return { outcomes: ['succeeded'], neverHeals: true };
      return cell.operation === 'clone'
        ? { outcomes: ['cancelled'], neverHeals: true }
        : { outcomes: ['cancelled', 'failed'], failureTypes: ['CompensationIncomplete'], neverHeals: true };
    },
    strike: async (round, reached) => {
      const { control, site, plan } = round;
      await control.call('PATCH', `/users/${encodeURIComponent(site.username)}`, {
        privileges: { remove: [POST_PRIVILEGE[plan.operation]] },
      });
      await reached.release('go-on');
      return HAPPENED;
    },
  },
  'task-forgotten': {
    group: 'C',
    title: 'the task is 404 from now on',
    impossible: notRunning,
    // Where the start's answer is lost, too, nothing but its machine tells of it, which must be there before the last look.
    variation: (cell) => (isStartUnknown(cell) ? {} : { taskMs: LONG_TASK_MS }),
    expect: () => ({ outcomes: ['succeeded', 'needs-decision'], undecidable: true }),
    strike: async (round, reached) => {
      await round.control.call('POST', await theTask(round), { forget: true });
      await reached.release('go-on');
      return HAPPENED;
    },
  },
  'task-forgotten-while-unknown': {
    group: 'C',
    title:
      "the start's answer is lost, its task is 404 from now on, and its machine shows only after the last look",
    impossible: (cell) =>
      unless(
        cell.operation === 'clone' && ['K12', 'K13', 'K24'].includes(cell.window ?? ''),
        "played where a start's answer is lost while a clone's task runs",
      ),
    variation: () => ({ taskMs: LONG_TASK_MS }),
    expect: () => ({
      outcomes: ['succeeded', 'needs-decision'],
      undecidable: true,
      twoEffectsPossible: 'answer and record of a running task were lost at once: a named limit',
    }),
    strike: async (round, reached) => {
      await round.control.call('POST', await theTask(round), { forget: true });
      return killInWindow(round, reached);
    },
  },
  'storm-503': storm('a storm of 503', { status: 503, errorType: 'SERVICE_UNAVAILABLE' }),
  'storm-429': storm('a storm of 429', { status: 429, errorType: 'RESOURCE_BUSY' }),
  'storm-403': storm('a storm of 403 with HTML', { status: 403, body: 'html' }),
  'storm-500': storm('a storm of 500 without body', { status: 500 }),
  capacity: {
    group: 'C',
    title: 'no capacity, twice',
    impossible: notBeforePost,
    strike: async ({ control, plan }, reached) => {
      const action = { status: 400, errorType: 'NOT_ALLOWED_IN_CURRENT_STATE' };
      const hasFired = await control.fault({ operation: POST[plan.operation], action, count: FEW_REFUSALS });
      await reached.release('go-on');
      return hasFired;
    },
  },
  'name-taken': {
    group: 'C',
    title: 'somebody else takes the name when the POST arrives',
    impossible: (cell) => (cell.operation === 'revert' ? 'a revert takes no name' : notBeforePost(cell)),
    expect: () => ({ outcomes: ['failed'], failureTypes: ['NameTaken'], neverHeals: true }),
    strike: async ({ control, plan }, reached) => {
      const body = { name: plan.requests[0]?.name };
      const hasFired = await control.fault({
        operation: 'linkedClone',
        do: { path: '/vms', body },
        count: 1,
      });
      await reached.release('go-on');
      return hasFired;
    },
  },
  'unknown-status': taskForAWhile('a status that nobody knows, for a while', 'CONTEMPLATING'),
  'task-blocked': taskForAWhile('the task is BLOCKED for a while', 'BLOCKED'),
  'task-blocked-for-ever': {
    group: 'C',
    title: 'the task is BLOCKED for ever',
    impossible: notRunning,
    variation: () => ({ taskMs: LONG_TASK_MS, operation: { waitBudgetMs: 4_000 } }),
    expect: () => ({ outcomes: ['overdue', 'blocked'], neverHeals: true }),
    strike: async (round, reached) => {
      await round.control.call('POST', await theTask(round), { status: 'BLOCKED' });
      await reached.release('go-on');
      return HAPPENED;
    },
  },
  'task-failed': taskSays(
    'the task fails',
    { status: 'FAILED' },
    // A revert's task may have begun: its content is what it was, and its snapshot is named.
    { outcomes: ['failed'], failureTypes: ['TaskFailed', 'CompensationIncomplete'], neverHeals: true },
  ),
  'task-failed-with-effect': taskSays(
    'the task fails, and yet its effect is there',
    { status: 'FAILED', effect: true },
    {
      outcomes: ['failed', 'needs-decision'],
      failureTypes: ['CompensationIncomplete'],
      neverHeals: true,
      undecidable: true,
    },
  ),
  'succeeded-without-result': {
    ...taskSays(
      'the task succeeds without a result',
      { status: 'SUCCEEDED', result: null },
      {
        outcomes: ['failed', 'needs-decision'],
        failureTypes: ['CompensationIncomplete'],
        neverHeals: true,
        undecidable: true,
      },
    ),
    impossible: (cell) => (cell.operation === 'revert' ? 'a revert has no result' : notRunning(cell)),
  },
  'password-rotated': {
    group: 'C',
    title: 'the password is another one, for good',
    impossible: (cell) =>
      hasCallsToCome(cell) && !isUndo(cell) ? undefined : 'no call to vSphere follows that could be blocked',
    expect: (cell) =>
      isBeforePost(cell)
        ? { outcomes: ['failed', 'blocked'], failureTypes: ['Unauthenticated'], neverHeals: true }
        : { outcomes: ['blocked', 'succeeded'], neverHeals: true },
    strike: async (round, reached) => {
      const { control, site } = round;
      await control.call('PATCH', `/users/${encodeURIComponent(site.username)}`, {
        password: 'rotated-away',
      });
      await control.expireSessions();
      return killInWindow(round, reached);
    },
  },
} as const satisfies Record<string, Fault>;
