import { SimulatedSite, VM_SERVICE } from '../../simulator/simulated-site';

let site: SimulatedSite;
beforeEach(async () => {
  site = await SimulatedSite.start();
});
afterEach(() => site.stop());

const finishAll = () => site.clock.advance(60_000);

test('a clone appears powered off in the default folder when its task ends, and not before', async () => {
  const task = await site.clone('ci-1');
  site.clock.advance(1999);
  expect(await site.vmNamed('ci-1')).toEqual([]);
  expect(await site.ledger()).toEqual([]);
  site.clock.advance(1);
  const [vm] = await site.vmNamed('ci-1');
  expect(vm).toMatchObject({ power_state: 'POWERED_OFF' });
  expect((await site.task(task)).result).toBe(vm.vm);
  expect(await site.ledger()).toMatchObject([
    { kind: 'clone', vm: 'vm-1001', name: 'ci-1', task, resultVm: vm.vm },
  ]);
  expect((await site.vcenter('/api/vcenter/vm?names=ci-1&folders=group-v3')).body).toHaveLength(1);
});

test('progress grows while a task runs and never falls', async () => {
  const task = await site.clone('ci-1');
  const seen: number[] = [];
  for (let step = 0; step < 10; step++) {
    site.clock.advance(200);
    seen.push((await site.task(task)).progress.completed);
  }
  expect(seen).toEqual([...seen].toSorted((left, right) => left - right));
  expect(seen[4]).toBeGreaterThan(30);
  expect(seen.at(-1)).toBe(100);
});

test('two clones of one name in flight both succeed when the name is checked at the call', async () => {
  await site.clone('twin');
  await site.clone('twin');
  finishAll();
  expect(await site.vmNamed('twin')).toHaveLength(2);
});

test('the second of two clones of one name fails when the name is checked by the task', async () => {
  await site.control('PATCH', '/settings', { nameCheck: 'task' });
  const tasks = [await site.clone('twin'), await site.clone('twin')];
  finishAll();
  const [first, second] = [await site.task(tasks[0] ?? ''), await site.task(tasks[1] ?? '')];
  expect([first.status, second.status]).toEqual(['SUCCEEDED', 'FAILED']);
  expect(second.error.error_type).toBe('ALREADY_EXISTS');
  expect(await site.vmNamed('twin')).toHaveLength(1);
});

test.each([
  ['login', 'administrator@vsphere.local'],
  ['upper', 'Administrator@VSPHERE.LOCAL'],
  ['downLevel', String.raw`VSPHERE.LOCAL\Administrator`],
  ['bare', 'administrator'],
  ['absent', undefined],
])('an account that tasks spell %p is %p in tasks and in their filter', async (taskUser, user) => {
  await site.control('PATCH', '/settings', { taskUser });
  const task = await site.clone('ci-1');
  expect((await site.task(task)).user).toBe(user);
  const listed = async (asked: string) =>
    (await site.appliance(`/tasks?services=${VM_SERVICE}&users=${encodeURIComponent(asked)}`)).body.items;
  expect(await listed(user ?? 'administrator@vsphere.local')).toHaveLength(user === undefined ? 0 : 1);
});

test.each([
  ['ci/42', 'ci%2f42', 'CI%2F42'],
  [String.raw`ci\42`, 'ci%5c42', 'ci%5C42'],
  ['ci%2f43', 'ci%2f43', 'ci/43'],
  [' 50% ', '50%25', '50%'],
])('a clone called %j is kept as %j, and %j is the same name', async (name, kept, again) => {
  await site.clone(name);
  finishAll();
  expect(await site.vmNamed(kept)).toHaveLength(1);
  if (name !== kept) expect(await site.vmNamed(name)).toEqual([]);
  expect((await site.ledger()).at(-1)).toMatchObject({ kind: 'clone', name: kept });
  const snapshot = await site.snapshot('nightly-0412');
  const second = await site.start('linked-clone', { snapshot, name: again });
  expect(second.body.error_type).toBe('ALREADY_EXISTS');
});

test('an inventory with two datacenters: a clone goes to no folder of the other one', async () => {
  const { inventory } = (await site.control('GET', '/state')).body;
  const two = await SimulatedSite.start({
    inventory: {
      ...inventory,
      datacenters: [...inventory.datacenters, { id: 'datacenter-9', name: 'dc/09', vmFolder: 'group-v900' }],
      folders: [
        ...inventory.folders,
        { id: 'group-v900', name: 'vm', type: 'VIRTUAL_MACHINE', datacenter: 'datacenter-9' },
      ],
    },
  });
  expect((await two.vcenter('/api/vcenter/datacenter?names=dc%252f09')).body).toHaveLength(1);
  const snapshot = await two.snapshot('nightly-0412');
  const placement = { folder: 'group-v900' };
  const refused = await two.start('linked-clone', { snapshot, name: 'ci-1', placement });
  expect(refused.body.error_type).toBe('INVALID_ARGUMENT');
  two.clock.advance(60_000);
  expect(await two.ledger()).toEqual([]);
  await two.stop();
});

test('a host that is not connected takes no clone, and is not chosen for one', async () => {
  await site.control('POST', '/hosts/host-12', { connectionState: 'DISCONNECTED' });
  const snapshot = await site.snapshot('nightly-0412');
  const refused = await site.start('linked-clone', {
    snapshot,
    name: 'ci-1',
    placement: { host: 'host-12' },
  });
  expect(refused.body.error_type).toBe('NOT_ALLOWED_IN_CURRENT_STATE');
  await site.clone('ci-2');
  finishAll();
  const [vm] = await site.vmNamed('ci-2');
  expect((await site.vcenter(`/api/vcenter/vm?vms=${vm.vm}&hosts=host-13`)).body).toHaveLength(1);
  expect((await site.control('POST', '/hosts/host-99', { connectionState: 'CONNECTED' })).status).toBe(404);
});

test('names that differ by case are one name within a folder, and two in two folders', async () => {
  const snapshot = await site.snapshot('nightly-0412');
  const clone = (name: string, folder: string) =>
    site.start('linked-clone', { snapshot, name, placement: { folder } });
  expect((await clone('WEB-01', 'group-v101')).body.error_type).toBe('ALREADY_EXISTS');
  expect((await clone('web-01', 'group-v102')).status).toBe(202);
});

test('a cluster without DRS needs a host for a clone', async () => {
  const at = { cluster: 'domain-c58', vm: 'vm-1013' };
  const snapshot = await site.snapshot('nightly-0412', at);
  const clone = (placement: object) =>
    site.start('linked-clone', { snapshot, name: 'db-copy', placement }, at);
  expect((await clone({})).body.error_type).toBe('INVALID_ARGUMENT');
  expect((await clone({ resource_pool: 'resgroup-70' })).body.error_type).toBe('INVALID_ARGUMENT');
  expect((await clone({ host: 'host-62' })).status).toBe(202);
});

test('a revert snapshots the present, powers off, and rolls the content back at its end', async () => {
  await site.control('POST', '/vms/vm-1001', { content: 5 });
  const snapshot = await site.snapshot('nightly-0412');
  const { body: task } = await site.start('revert', { snapshot });
  site.clock.advance(1999);
  expect(await site.generation('vm-1001')).toBe(15);
  expect((await site.vcenter('/api/vcenter/vm/vm-1001/power')).body.state).toBe('POWERED_OFF');
  site.clock.advance(1);
  expect(await site.generation('vm-1001')).toBe(8);
  expect(await site.task(task)).toMatchObject({ status: 'SUCCEEDED' });
  expect(await site.task(task)).not.toHaveProperty('result');
  expect(await site.ledger()).toMatchObject([{ kind: 'snapshot' }, { kind: 'revert', snapshot, task }]);
  const undo = await site.snapshot('system-before-nightly-0412');
  await site.start('revert', { snapshot: undo });
  finishAll();
  expect(await site.generation('vm-1001')).toBe(15);
});

test('a VM and a task that become visible late exist before they are listed', async () => {
  await site.control('PATCH', '/settings', { visibilityDelayMs: 10_000, taskVisibilityDelayMs: 5000 });
  const task = await site.clone('late');
  const listed = async () => (await site.appliance(`/tasks?services=${VM_SERVICE}`)).body.items.length;
  site.clock.advance(2000);
  expect((await site.task(task)).status).toBe('SUCCEEDED');
  expect([await listed(), (await site.vmNamed('late')).length]).toEqual([0, 0]);
  site.clock.advance(3000);
  expect([await listed(), (await site.vmNamed('late')).length]).toEqual([1, 0]);
  site.clock.advance(7000);
  expect((await site.vmNamed('late')).length).toBe(1);
});

test('an ended task changes only through the control API, and is forgotten after its retention', async () => {
  const task = await site.clone('ci-1');
  finishAll();
  await site.control('POST', `/tasks/${encodeURIComponent(task)}`, { status: 'SUCCEEDED', result: null });
  expect(await site.task(task)).not.toHaveProperty('result');
  await site.control('POST', `/tasks/${encodeURIComponent(task)}`, { status: 'REWINDING' });
  expect((await site.task(task)).status).toBe('REWINDING');
  await site.control('POST', `/tasks/${encodeURIComponent(task)}`, { status: 'FAILED' });
  expect(await site.vmNamed('ci-1')).toHaveLength(1);
  await site.control('PATCH', '/settings', { taskRetentionMs: 1000 });
  site.clock.advance(1001);
  expect((await site.task(task)).error_type).toBe('NOT_FOUND');
});

test('a task made to fail in its course has no effect, and one that is blocked waits', async () => {
  const [failing, blocked] = [await site.clone('failing'), await site.clone('blocked')];
  site.clock.advance(500);
  await site.control('POST', `/tasks/${encodeURIComponent(failing)}`, { status: 'FAILED' });
  await site.control('POST', `/tasks/${encodeURIComponent(blocked)}`, { status: 'BLOCKED' });
  finishAll();
  expect(await site.ledger()).toEqual([]);
  await site.control('POST', `/tasks/${encodeURIComponent(blocked)}`, { status: 'RUNNING' });
  finishAll();
  expect((await site.ledger()).map((entry) => entry.name)).toEqual(['blocked']);
});

test('a hidden task is found by its id only, and a forgotten one not at all', async () => {
  const task = await site.clone('ci-1');
  const path = `/tasks/${encodeURIComponent(task)}`;
  await site.control('POST', path, { hide: true });
  expect((await site.appliance(`/tasks?tasks=${encodeURIComponent(task)}`)).body.items).toEqual([]);
  expect((await site.task(task)).status).toBe('PENDING');
  await site.control('POST', path, { forget: true });
  expect((await site.task(task)).error_type).toBe('NOT_FOUND');
  finishAll();
  expect(await site.vmNamed('ci-1')).toHaveLength(1);
});

test('a snapshot that expires between the call and the run fails the task', async () => {
  const snapshot = await site.snapshot('nightly-0412');
  const task = await site.clone('ci-1');
  await site.control('POST', `/snapshots/${snapshot}`, {
    expiresAt: new Date(site.clock.now()).toISOString(),
  });
  finishAll();
  expect(await site.task(task)).toMatchObject({
    status: 'FAILED',
    error: { error_type: 'INVALID_ARGUMENT' },
  });
});

test('a deleted VM stays known to the appliance, out of its cluster', async () => {
  expect((await site.vcenter('/api/vcenter/vm/vm-1001', { method: 'DELETE' })).status).toBe(400);
  await site.vcenter('/api/vcenter/vm/vm-1001/power?action=stop', { method: 'POST' });
  expect((await site.vcenter('/api/vcenter/vm/vm-1001', { method: 'DELETE' })).status).toBe(204);
  const { body } = await site.appliance('/clusters/domain-c8/virtual-machines?vms=vm-1001');
  expect(body.items[0].info).toMatchObject({ in_cluster: false, snapshot_count: 5 });
  expect((await site.ledger()).map(({ kind }) => kind)).toEqual(['power', 'delete']);
});

test('a session ends after its idle time, and all of them on demand', async () => {
  site.clock.advance(30 * 60_000 + 1);
  expect((await site.appliance('/sessions')).status).toBe(401);
  await site.logIn();
  expect((await site.appliance('/sessions')).status).toBe(200);
  await site.control('POST', '/sessions/expire');
  expect((await site.appliance('/sessions')).status).toBe(401);
  expect((await site.vcenter('/api/session')).status).toBe(401);
});

test('a skewed appliance clock shows in its Date header and in the times of its tasks', async () => {
  await site.control('PATCH', '/settings', { clockSkewMs: 3_600_000 });
  const task = await site.clone('ci-1');
  finishAll();
  expect(Date.parse((await site.task(task)).start_time)).toBeGreaterThan(site.clock.now() + 3_500_000);
  const { headers } = await site.appliance('/info/about');
  expect(Date.parse(headers.get('date') ?? '')).toBe(site.clock.now() + 3_600_000);
});

test('the limited user may neither clone nor power off, and a changed password counts at once', async () => {
  const { limitedUsername, limitedPassword } = site.simulator;
  const snapshot = await site.snapshot('nightly-0412');
  await site.logIn(limitedUsername, limitedPassword);
  expect((await site.start('linked-clone', { snapshot, name: 'x' })).body.error_type).toBe('UNAUTHORIZED');
  expect((await site.start('revert', { snapshot })).body.error_type).toBe('UNAUTHORIZED');
  await site.control('PATCH', `/users/${limitedUsername}`, {
    password: 'changed',
    privileges: { add: ['VirtualMachine.Provisioning.Clone'] },
  });
  expect((await site.start('linked-clone', { snapshot, name: 'x' })).status).toBe(202);
  await site.logIn(limitedUsername, 'changed');
  finishAll();
  expect((await site.ledger('clone'))[0]?.user).toBe(limitedUsername);
});

test('the state of one simulator is the inventory of the next', async () => {
  const { body } = await site.control('GET', '/state');
  expect(JSON.stringify(body)).not.toContain(site.simulator.password);
  const copy = await SimulatedSite.start({ inventory: body.inventory });
  expect((await copy.control('GET', '/state')).body.inventory).toEqual(body.inventory);
  await copy.stop();
});
