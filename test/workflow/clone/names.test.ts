import { OperationFailed, type LinkedCloneRequest } from '../../../src/client';
import { defaultInventory } from '../../../packages/simulator/src/world/default-inventory';
import { Ids } from '../../../packages/simulator/src/world/ids';
import type { InventoryFile } from '../../../packages/simulator/src/world/inventory-schema';
import { eventually } from '../../environment/eventually';
import { expectSentence } from '../expect-sentence';
import { openEnvironment } from '../../environment/open-environment';
import type { ThreadEnvironment } from '../../environment/threads';

const site = defaultInventory(new Ids(1));
const other = { datacenter: 'datacenter-9', type: 'VIRTUAL_MACHINE' } as const;
const WEB = site.vms.find(({ id }) => id === 'vm-1001')!;
const SNAPSHOT = site.snapshots.find(({ vm }) => vm === WEB.id)!;

/** The built-in site, and a second datacenter with a cluster, a folder and a pool of the names of the first one. */
const inventory: InventoryFile = {
  ...site,
  datacenters: [...site.datacenters, { id: 'datacenter-9', name: 'dc-09', vmFolder: 'group-v900' }],
  folders: [
    ...site.folders,
    { id: 'group-v900', name: 'vm', ...other },
    { id: 'group-v901', name: 'clones', parent: 'group-v900', ...other },
    { id: 'group-v902', name: 'only-there', parent: 'group-v900', ...other },
    {
      id: 'group-v910',
      name: 'ci',
      type: 'VIRTUAL_MACHINE',
      parent: 'group-v101',
      datacenter: 'datacenter-2',
    },
    {
      id: 'group-v911',
      name: 'team/b',
      type: 'VIRTUAL_MACHINE',
      parent: 'group-v3',
      datacenter: 'datacenter-2',
    },
  ],
  clusters: [
    ...site.clusters,
    { id: 'domain-c900', name: 'cluster-01', datacenter: 'datacenter-9', drsEnabled: true, haEnabled: true },
  ],
  hosts: [...site.hosts, { id: 'host-900', name: 'esx-90.example.test', cluster: 'domain-c900' }],
  resourcePools: [
    ...site.resourcePools,
    { id: 'resgroup-900', name: 'Resources', cluster: 'domain-c900' },
    { id: 'resgroup-910', name: 'ci', cluster: 'domain-c8', parent: 'resgroup-20' },
  ],
  vms: [
    ...site.vms,
    { ...WEB, id: 'vm-5001', name: 'team/web 100%' },
    { ...WEB, id: 'vm-5002', name: 'vm-1006' },
  ],
  snapshots: [
    ...site.snapshots,
    { ...SNAPSHOT, id: 'snap-5001', vm: 'vm-5001', name: 'base', type: 'ONE_TIME' },
    {
      ...SNAPSHOT,
      id: 'snap-latest',
      vm: 'vm-1002',
      name: 'latest',
      type: 'ONE_TIME',
      createdAt: -9_000_000_000,
    },
  ],
};

let env: ThreadEnvironment;
beforeAll(async () => {
  env = await openEnvironment({ as: 'threads', simulator: { inventory } });
});
afterAll(() => env.close());

let number = 0;
const start = (extra: Partial<LinkedCloneRequest> = {}) =>
  env.snapflow.clone({
    connection: env.connection,
    vm: 'web-01',
    snapshot: 'latest',
    name: `named-${++number}`,
    ...extra,
  });
async function failureOf(request: Partial<LinkedCloneRequest>) {
  const error: unknown = await (await start(request)).result().catch((thrown: unknown) => thrown);
  if (error instanceof OperationFailed) return error.failure;
  throw new Error(`no failure but ${String(error)}`);
}
const posts = async () => (await env.control.calls()).calls['linkedClone'] ?? 0;
const clonesFrom = async (vmId: string) =>
  (await env.control.ledger()).filter(({ kind, vm }) => kind === 'clone' && vm === vmId);
async function folderOf(vmId: string) {
  const { inventory: now } = await env.control.state<{ inventory: InventoryFile }>();
  return now.vms.find(({ id }) => id === vmId)?.folder;
}

describe('a source whose name vCenter keeps escaped', () => {
  test.each(['team/web 100%', 'team%2fweb 100%25', 'team%2Fweb 100%25'])(
    'is found by %s, and cloned once',
    async (vm) => {
      const before = (await clonesFrom('vm-5001')).length;
      await (await start({ vm })).result();
      expect(await clonesFrom('vm-5001')).toHaveLength(before + 1);
    },
  );

  test('a folder with a slash in its name: is found by it', async () => {
    const { vmId } = await (await start({ folder: 'team/b' })).result();
    expect(await folderOf(vmId)).toBe('group-v911');
  });
});

describe('a clone', () => {
  test('whose name is taken in another case is refused by the name of the machine, and none is made', async () => {
    const { vm } = await env.control.addVm({ name: 'CI-Taken', folder: 'vm', cluster: 'cluster-01' });
    const failure = await failureOf({ name: 'ci-taken' });
    expect(failure).toMatchObject({ type: 'NameTaken' });
    expectSentence(failure.message, `taken by ${vm}`);
    expect((await env.control.ledger()).filter(({ name }) => name === 'ci-taken')).toEqual([]);
  });

  test('that was renamed in case alone is its own: no warning, and it is deleted once', async () => {
    await env.control.fault({ operation: 'vm.get', action: 'hold', count: 1 });
    const clone = await start({ name: 'Case-Only' });
    const hold = await eventually('the new machine is read', async () => {
      const [held] = await env.control.holds();
      return held?.hold;
    });
    const [made] = (await env.control.ledger()).filter(({ name }) => name === 'Case-Only');
    await env.control.vm(made?.resultVm ?? '', { name: 'CASE-ONLY' });
    await env.control.release(hold);
    const { vmId } = await clone.result();
    expect((await clone.describe()).warnings).toBeUndefined();
    expect(await clone.deleteVm()).toMatchObject({ vmId, outcome: 'deleted' });
    const effects = (await env.control.ledger()).filter(({ vm, resultVm }) => [vm, resultVm].includes(vmId));
    expect(effects.map(({ kind }) => kind)).toEqual(['clone', 'delete']);
  });
});

describe('a reference that could mean two objects is refused before any post:', () => {
  test('the id of one machine that is the name of another', async () => {
    const before = await posts();
    const failure = await failureOf({ vm: 'vm-1006' });
    expect(failure).toMatchObject({
      type: 'NameAmbiguous',
      details: { field: 'vm', value: 'vm-1006', ids: ['vm-1006', 'vm-5002'] },
    });
    expectSentence(failure.message, 'is the id of', 'the name of vm-5002', 'use that name, or that id');
    expect(await posts()).toBe(before);
  });

  test('`latest`, where another snapshot is called so', async () => {
    const failure = await failureOf({ vm: 'vm-1002' });
    expect(failure).toMatchObject({
      type: 'NameAmbiguous',
      details: { field: 'snapshot', value: 'latest', ids: [expect.any(String), 'snap-latest'] },
    });
    expectSentence(failure.message, 'means the newest one', 'snap-latest', 'use one of these ids');
  });

  test('two folders of one datacenter, each told with its parent', async () => {
    const failure = await failureOf({ folder: 'ci' });
    expect(failure.details).toMatchObject({ ids: ['group-v105', 'group-v910'] });
    expectSentence(
      failure.message,
      'group-v105 in folder team-a (group-v104)',
      'group-v910 in folder production (group-v101)',
    );
  });

  test('two pools of one cluster, each told with its parent', async () => {
    const failure = await failureOf({ resourcePool: 'ci' });
    expectSentence(
      failure.message,
      'resgroup-21 in pool Resources (resgroup-9)',
      'resgroup-910 in pool production (resgroup-20)',
    );
  });

  test('two machines, each told with its folder', async () => {
    const failure = await failureOf({ vm: 'shared-01' });
    expect(failure.details).toMatchObject({ ids: [expect.any(String), expect.any(String)] });
    expectSentence(failure.message, ' in folder production (group-v101)', ' in folder staging (group-v102)');
  });

  test('the machine of a revert: neither is reverted', async () => {
    const { connection } = env;
    const revert = await env.snapflow.revert({ connection, vm: 'vm-1006', snapshot: 'nightly-0411' });
    await expect(revert.result()).rejects.toMatchObject({ failure: { type: 'NameAmbiguous' } });
    expect(
      (await env.control.ledger()).filter(({ kind }) => kind === 'revert' || kind === 'snapshot'),
    ).toEqual([]);
  });
});

describe('a site with more folders and clusters than vCenter lists', () => {
  const many = (prefix: string) => Array.from({ length: 1_001 }, (_, index) => `${prefix}-${index}`);
  const big: InventoryFile = {
    ...inventory,
    folders: [
      ...inventory.folders,
      ...many('team').map((name) => ({
        id: `group-${name}`,
        name,
        parent: 'group-v3',
        type: other.type,
        datacenter: 'datacenter-2',
      })),
    ],
    clusters: [
      ...inventory.clusters,
      ...many('edge').map((name) => ({
        id: `domain-${name}`,
        name,
        datacenter: 'datacenter-9',
        drsEnabled: true,
        haEnabled: true,
      })),
    ],
  };
  let site: ThreadEnvironment;
  beforeAll(async () => {
    site = await openEnvironment({ as: 'threads', simulator: { inventory: big } });
  });
  afterAll(() => site.close());

  test('two machines of one name are told by their ids alone, a machine of one is cloned once', async () => {
    const { connection, snapflow, control } = site;
    const request = { connection, snapshot: 'latest', folder: 'clones' };
    const ambiguous = await snapflow.clone({ ...request, vm: 'shared-01', name: 'big-1' });
    const error: unknown = await ambiguous.result().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      failure: { type: 'NameAmbiguous', details: { ids: [expect.any(String), expect.any(String)] } },
    });
    const message = (error as OperationFailed).failure.message;
    expectSentence(message, 'matches 2 objects', 'use one of these ids');
    expect(message).not.toContain(' in folder ');
    await (await snapflow.clone({ ...request, vm: 'web-01', name: 'big-2' })).result();
    expect((await control.ledger()).map(({ kind, name }) => [kind, name])).toEqual([['clone', 'big-2']]);
  });
});

describe('a place', () => {
  test('whose name another datacenter has, too: is that of the machine', async () => {
    const { vmId } = await (await start({ folder: 'clones', cluster: 'cluster-01' })).result();
    expect(await folderOf(vmId)).toBe('group-v103');
  });

  test.each(['only-there', 'group-v901'])(
    '%s, in another datacenter: is refused before any post',
    async (folder) => {
      const before = await posts();
      const failure = await failureOf({ folder });
      expect(failure).toMatchObject({
        type: 'PlacementInvalid',
        details: { field: 'folder', value: folder },
      });
      expectSentence(failure.message, 'in another datacenter than "dc-01"', 'leave folder out');
      expect(await posts()).toBe(before);
    },
  );

  test.each(['DISCONNECTED', 'NOT_RESPONDING'])(
    'a host that is %s: is refused before any post',
    async (connectionState) => {
      await env.control.call('POST', '/hosts/host-13', { connectionState });
      const before = await posts();
      const failure = await failureOf({ host: 'host-13' });
      expect(failure).toMatchObject({
        type: 'PlacementInvalid',
        details: { field: 'host', value: 'host-13' },
      });
      expectSentence(failure.message, `(host-13) is ${connectionState}`, 'that is connected');
      expect(await posts()).toBe(before);
      await env.control.call('POST', '/hosts/host-13', { connectionState: 'CONNECTED' });
    },
  );
});
