import { OwnTasks, type Connection } from '../../../src/activities/connection';
import { listVmTasks } from '../../../src/activities/vm-tasks';
import { VsphereError, type Appliance, type ListedTask, type TaskFilter } from '../../../src/vsphere';

const options = { requestId: 'test', signal: AbortSignal.timeout(60_000) };
const OPEN = ['PENDING', 'RUNNING', 'BLOCKED'];

const failed = (errorType: string) =>
  new VsphereError('more than 1000 tasks match.', {
    kind: 'server-error',
    effect: 'none',
    operation: 'tasks.list',
    host: 'appliance',
    errorType,
    remedy: 'none',
  });

function refuse(errorType = 'RESOURCE_INACCESSIBLE'): never {
  throw failed(errorType);
}

const running = (taskId: string): ListedTask => ({ taskId, info: { status: 'RUNNING' } });

/** Answers by the filter. `shown`: how a task of our own start was told before. */
function connectionTo(answer: (filter: TaskFilter) => readonly ListedTask[], shown?: object) {
  const asked: TaskFilter[] = [];
  const listTasks: Appliance['listTasks'] = async ({ services, ...filter }) => {
    expect(services).toHaveLength(1);
    asked.push(filter);
    return { items: answer(filter) };
  };
  const ownTasks = new OwnTasks();
  if (shown !== undefined) {
    ownTasks.add('ours', 'revert');
    ownTasks.see('ours', shown);
    ownTasks.see('others', { user: 'somebody@else', operation: 'restore' });
  }
  const appliance = { listTasks, whoAmI: async () => ({ user: 'me@lab' }) };
  return { asked, connection: { vsphere: { appliance }, ownTasks } as unknown as Connection };
}

const revertTasks = (connection: Connection, which: 'open' | 'any') =>
  listVmTasks(connection, 'revert', which, options);

test('any status: none is asked for, so that one which nobody knows is among them', async () => {
  const { connection, asked } = connectionTo(() => [running('t')]);
  expect(await revertTasks(connection, 'any')).toEqual({ tasks: [{ taskId: 't', status: 'RUNNING' }] });
  expect(asked).toEqual([{}]);
});

test('more open tasks than one list may hold: the lists of every status together', async () => {
  const { connection, asked } = connectionTo(({ statuses = [] }) =>
    statuses.length > 1 ? refuse() : statuses.map(running),
  );
  const { tasks, inconclusive } = await revertTasks(connection, 'open');
  expect(tasks.map(({ taskId }) => taskId)).toEqual(OPEN);
  expect(inconclusive).toBeUndefined();
  expect(asked).toEqual([{ statuses: OPEN }, ...OPEN.map((status) => ({ statuses: [status] }))]);
});

test('more open tasks of one status than a list may hold: those of the others, and not conclusive', async () => {
  const { connection } = connectionTo(({ statuses = [] }) =>
    statuses.length > 1 || statuses[0] === 'RUNNING' ? refuse() : statuses.map(running),
  );
  const { tasks, inconclusive } = await revertTasks(connection, 'open');
  expect(tasks.map(({ taskId }) => taskId)).toEqual(['PENDING', 'BLOCKED']);
  expect(inconclusive).toContain('more than 1000 tasks match');
});

test('more tasks than one list may hold: open ones of all, and ours as a task of our own start spells us', async () => {
  const { connection, asked } = connectionTo(
    ({ statuses, users }) => {
      if (statuses === undefined && users === undefined) return refuse();
      return users === undefined ? [running('open')] : [running('open'), running('mine')];
    },
    { user: 'LAB\\me', operation: 'revert_vm' },
  );
  const { tasks, inconclusive } = await revertTasks(connection, 'any');
  expect(tasks.map(({ taskId }) => taskId)).toEqual(['open', 'mine']);
  expect(inconclusive).toBeUndefined();
  expect(asked).toEqual([{}, { statuses: OPEN }, { users: ['LAB\\me'] }]);
});

test('more tasks than one list may hold, and no task of ours was seen yet: ours are shown, and prove no absence', async () => {
  const { connection, asked } = connectionTo(({ statuses, users }) =>
    statuses === undefined && users === undefined ? refuse() : [running('t')],
  );
  const { tasks, inconclusive } = await revertTasks(connection, 'any');
  expect(tasks).toHaveLength(1);
  expect(inconclusive).toContain('me@lab');
  expect(asked.at(-1)?.users).toEqual(expect.arrayContaining(['me@lab', 'LAB\\me']));
});

test('more of ours than one list may hold: those that succeeded, then those of the operation alone', async () => {
  const { connection, asked } = connectionTo(
    ({ statuses, operations }) =>
      statuses?.includes('RUNNING') === true || operations !== undefined ? [running('t')] : refuse(),
    { user: 'me@lab', operation: 'revert_vm' },
  );
  expect(await revertTasks(connection, 'any')).toEqual({ tasks: [{ taskId: 't', status: 'RUNNING' }] });
  const succeeded = { users: ['me@lab'], statuses: ['SUCCEEDED'] };
  expect(asked.slice(3)).toEqual([succeeded, { ...succeeded, operations: ['revert_vm'] }]);
});

test.each([
  ['whatever is asked for', { user: 'me@lab', operation: 'revert_vm' }],
  ['and how the service spells the operation is not known', { user: 'me@lab' }],
])('more of ours than one list may hold, %s: the open ones, and not conclusive', async (_why, shown) => {
  const { connection } = connectionTo(
    ({ statuses }) => (statuses?.includes('RUNNING') === true ? [running('t')] : refuse()),
    shown,
  );
  const { tasks, inconclusive } = await revertTasks(connection, 'any');
  expect(tasks).toHaveLength(1);
  expect(inconclusive).toContain('more than 1000 tasks match');
});

test('a list that fails: is no empty list', async () => {
  const { connection } = connectionTo(() => refuse('INTERNAL_SERVER_ERROR'));
  await expect(revertTasks(connection, 'open')).rejects.toThrow('more than 1000');
  await expect(revertTasks(connection, 'any')).rejects.toThrow('more than 1000');
});
