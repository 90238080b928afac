import { openConnection, VM_TASK_SERVICE, type VsphereConnection } from '../../../src/vsphere';
import { json, startLoopbackSite, type LoopbackSite } from './loopback-site';
import { rejection } from './rejection';

let site: LoopbackSite;
let connection: VsphereConnection;
let reply: unknown;

beforeEach(async () => {
  site = await startLoopbackSite((_call, response) => json(response, 200, reply));
  const urls = { vcenterUrl: site.url, applianceUrl: site.url };
  connection = openConnection({ name: 'lab', ...urls, username: 'worker', password: 'correct-horse' });
});

afterEach(async () => {
  await connection.close();
  await site.close();
});

const asked = () => site.work().map(({ method, url }) => `${method} ${decodeURIComponent(url)}`);

test('about', async () => {
  reply = { version: '9.1.0.0' };
  expect(await connection.appliance.about()).toEqual({ version: '9.1.0.0' });
  expect(asked()).toEqual(['GET /api/snapservice/info/about']);
});

test('the VMs that the appliance knows, deleted ones told apart', async () => {
  const info = { local_protection_enabled: true, protection_groups: ['pg-1'], snapshot_count: 5 };
  reply = {
    items: [{ vm: 'vm-1', info: { ...info, name: 'db', in_cluster: false, remote_protection_info: null } }],
  };
  expect(
    await connection.appliance.listProtectedVms('domain-c1', { vms: ['vm-1'], namePatterns: ['d*'] }),
  ).toEqual({ items: [{ vmId: 'vm-1', inCluster: false }] });
  expect(asked()).toEqual([
    'GET /api/snapservice/clusters/domain-c1/virtual-machines?name_patterns=d*&vms=vm-1',
  ]);
});

test('snapshots, with and without expiry', async () => {
  const info = {
    name: 'nightly',
    snapshot_type: 'SCHEDULED',
    created_at: '2026-01-02T03:04:05.678Z',
    vm: 'vm-1',
    disk_snapshots: [],
  };
  const read = { name: 'nightly', snapshotType: 'SCHEDULED', createdAt: info.created_at, vmId: 'vm-1' };
  reply = { items: [{ snapshot: 's-1', info }] };
  const expires = { ...info, expires_at: '2026-02-02T03:04:05Z', pg: 'pg-1' };
  reply = {
    items: [
      { snapshot: 's-1', info },
      { snapshot: 's-2', info: expires },
    ],
  };
  expect(await connection.appliance.listSnapshots('c', 'vm-1')).toEqual({
    items: [
      { snapshotId: 's-1', ...read },
      { snapshotId: 's-2', ...read, expiresAt: '2026-02-02T03:04:05Z' },
    ],
  });
  expect(asked()).toEqual(['GET /api/snapservice/clusters/c/virtual-machines/vm-1/snapshots']);
});

const pending = {
  description: { id: 'd', default_message: 'd', args: [] },
  service: VM_TASK_SERVICE,
  operation: 'o',
  cancelable: false,
  status: 'PENDING',
};

test('tasks by service, status and user', async () => {
  reply = { items: [{ task: 't:1', info: pending }] };
  const listed = await connection.appliance.listTasks({
    services: [VM_TASK_SERVICE],
    statuses: ['PENDING', 'RUNNING'],
    users: ['w@x'],
  });
  expect(listed).toMatchObject({ items: [{ taskId: 't:1', info: { status: 'PENDING' } }] });
  expect(asked()).toEqual([
    `GET /api/snapservice/tasks?services=${VM_TASK_SERVICE}&status=PENDING&status=RUNNING&users=w@x`,
  ]);
});

test('a thousand task ids are asked for in several calls and read as one list', async () => {
  const ids = Array.from({ length: 1000 }, (_, index) => `task-${String(index).padStart(40, '0')}`);
  site.answer = (call, response) => {
    const tasks = new URL(call.url, site.url).searchParams.getAll('tasks');
    json(response, 200, { items: tasks.map((task) => ({ task, info: pending })) });
  };
  const listed = await connection.appliance.listTasks({ tasks: ids });
  expect(listed.items.map(({ taskId }) => taskId)).toEqual(ids);
  expect(site.work().length).toBeGreaterThan(1);
});

test('a task of a list that does not read is there with an unknown status, and hides no other', async () => {
  reply = {
    items: [
      { task: 't:1', info: pending },
      { task: 't:2', info: 7 },
      { task: 't:3', info: { ...pending, status: null, cancelable: 'maybe' } },
    ],
  };
  expect(await connection.appliance.listTasks({ services: [VM_TASK_SERVICE] })).toEqual({
    items: [
      { taskId: 't:1', info: expect.objectContaining({ status: 'PENDING' }) },
      { taskId: 't:2', info: expect.objectContaining({ status: 'UNKNOWN' }) },
      { taskId: 't:3', info: expect.objectContaining({ status: 'UNKNOWN' }) },
    ],
  });
});

test('a task of a list without a readable id: the list says that it is not whole', async () => {
  reply = { items: [{ task: 't:1', info: pending }, { task: '', info: pending }, 7] };
  const { items, unread } = await connection.appliance.listTasks({ services: [VM_TASK_SERVICE] });
  expect(items.map(({ taskId }) => taskId)).toEqual(['t:1']);
  expect(unread).toMatchObject({ kind: 'malformed', effect: 'none', operation: 'tasks.list' });
  expect(unread?.message).toContain('2 of 3 items without a readable id');
});

test('a task list without tasks or services is refused here, as is an empty filter', async () => {
  const refused = { kind: 'invalid-argument', effect: 'none', operation: 'tasks.list' };
  expect(await rejection(connection.appliance.listTasks({ users: ['u'] }))).toMatchObject(refused);
  expect(await rejection(connection.appliance.listTasks({ tasks: [] }))).toMatchObject(refused);
  expect(site.calls).toHaveLength(0);
});

test('the inventory of vCenter', async () => {
  const { vcenter } = connection;
  reply = [{ vm: 'vm-1', name: 'db', power_state: 'POWERED_ON', cpu_count: 2 }];
  expect(
    await vcenter.listVms({ names: ['db'], folders: ['group-v1'], powerStates: ['POWERED_ON'] }),
  ).toEqual([{ vmId: 'vm-1', name: 'db', powerState: 'POWERED_ON' }]);
  reply = [{ cluster: 'domain-c1', name: 'prod', ha_enabled: false, drs_enabled: true }];
  expect(await vcenter.listClusters({ names: ['prod'] })).toEqual([
    { clusterId: 'domain-c1', name: 'prod', drsEnabled: true },
  ]);
  reply = [{ folder: 'group-v1', name: 'vm', type: 'VIRTUAL_MACHINE' }];
  expect(await vcenter.listFolders({ type: 'VIRTUAL_MACHINE', parentFolders: ['group-d1'] })).toEqual([
    { folderId: 'group-v1', name: 'vm' },
  ]);
  reply = [{ resource_pool: 'resgroup-1', name: 'Resources' }];
  expect(await vcenter.listResourcePools({ resourcePools: ['resgroup-1'] })).toEqual([
    { resourcePoolId: 'resgroup-1', name: 'Resources' },
  ]);
  reply = [{ host: 'host-1', name: 'esx1', connection_state: 'CONNECTED', power_state: 'POWERED_ON' }];
  expect(await vcenter.listHosts({ clusters: ['domain-c1'] })).toEqual([
    { hostId: 'host-1', name: 'esx1', connectionState: 'CONNECTED' },
  ]);
  reply = [{ datacenter: 'datacenter-1', name: 'dc' }];
  expect(await vcenter.listDatacenters({})).toEqual([{ datacenterId: 'datacenter-1', name: 'dc' }]);
  expect(asked()).toEqual([
    'GET /api/vcenter/vm?names=db&folders=group-v1&power_states=POWERED_ON',
    'GET /api/vcenter/cluster?names=prod',
    'GET /api/vcenter/folder?parent_folders=group-d1&type=VIRTUAL_MACHINE',
    'GET /api/vcenter/resource-pool?resource_pools=resgroup-1',
    'GET /api/vcenter/host?clusters=domain-c1',
    'GET /api/vcenter/datacenter',
  ]);
});

test('one VM and its power', async () => {
  reply = { name: 'db', power_state: 'SUSPENDED', memory: {} };
  expect(await connection.vcenter.getVm('vm-1')).toEqual({ name: 'db', powerState: 'SUSPENDED' });
  reply = { state: 'POWERED_OFF', clean_power_off: true };
  expect(await connection.vcenter.getPower('vm-1')).toBe('POWERED_OFF');
  reply = { state: 'HALF' };
  expect(await rejection(connection.vcenter.getPower('vm-1'))).toMatchObject({ kind: 'malformed' });
});
