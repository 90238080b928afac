import { listVmTasks } from '../../../src/activities/look';
import { VsphereError, type Appliance, type ListedTask } from '../../../src/vsphere';

const SIGNAL = AbortSignal.timeout(60_000);
const options = { requestId: 'test', signal: SIGNAL };

const failed = (errorType: string) =>
  new VsphereError('it failed', {
    kind: 'server-error',
    effect: 'none',
    operation: 'tasks.list',
    host: 'appliance',
    errorType,
    remedy: 'none',
  });

const running = (taskId: string): ListedTask => ({
  taskId,
  info: { status: 'RUNNING' },
});

/** Answers by the statuses and users that are asked for. */
const appliance = (
  answer: (statuses: readonly string[], users: readonly string[]) => readonly ListedTask[],
) => {
  const asked: unknown[] = [];
  const listTasks: Appliance['listTasks'] = async (filter) => {
    asked.push(filter);
    return { items: answer(filter.statuses ?? [], filter.users ?? []) };
  };
  return { asked, appliance: { listTasks, whoAmI: async () => ({ user: 'me' }) } as unknown as Appliance };
};

test('more tasks than one list may hold: the lists of every status together, ended ones of our user alone', async () => {
  const { appliance: site, asked } = appliance((statuses) => {
    if (statuses.length > 1) throw failed('RESOURCE_INACCESSIBLE');
    return statuses.map(running);
  });
  const { tasks } = await listVmTasks(site, ['PENDING', 'RUNNING', 'FAILED'], options);
  expect(tasks.map(({ taskId }) => taskId)).toEqual(['PENDING', 'RUNNING', 'FAILED']);
  expect(asked).toContainEqual(expect.objectContaining({ statuses: ['FAILED'], users: ['me'] }));
  expect(asked).not.toContainEqual({ services: expect.anything(), statuses: ['FAILED'] });
});

test('more tasks than one list may hold, and the service spells our user in another way: one that runs is seen', async () => {
  const { appliance: site } = appliance((statuses, users) => {
    if (statuses.length === 0 && users.length === 0) throw failed('RESOURCE_INACCESSIBLE');
    return users.length === 0 ? [running('ours')] : [];
  });
  expect(await listVmTasks(site, undefined, options)).toEqual({
    tasks: [expect.objectContaining({ taskId: 'ours' })],
  });
});

test('any status: none is asked for, so that one which nobody knows is among them', async () => {
  const { appliance: site, asked } = appliance(() => [running('t')]);
  expect((await listVmTasks(site, undefined, options)).tasks).toHaveLength(1);
  expect(asked).toEqual([{ services: [expect.any(String)] }]);
});

test('more tasks than one list may hold, but fewer of our user: one list of any status', async () => {
  const { appliance: site, asked } = appliance((statuses, users) => {
    if (users.length === 0 && statuses.length === 0) throw failed('RESOURCE_INACCESSIBLE');
    return [running('t')];
  });
  expect((await listVmTasks(site, undefined, options)).tasks).toHaveLength(1);
  expect(asked).toContainEqual({ services: [expect.any(String)], users: ['me'] });
});

test('one of those lists that is too long as well: no list, rather than a shorter one', async () => {
  const { appliance: site } = appliance((statuses) => {
    if (statuses.length > 1 || statuses[0] === 'FAILED') throw failed('RESOURCE_INACCESSIBLE');
    return statuses.map(running);
  });
  await expect(listVmTasks(site, ['RUNNING', 'FAILED'], options)).rejects.toThrow('it failed');
});

test('a list that fails: is no empty list', async () => {
  const { appliance: site } = appliance(() => {
    throw failed('INTERNAL_SERVER_ERROR');
  });
  await expect(listVmTasks(site, ['RUNNING'], options)).rejects.toThrow('it failed');
});
