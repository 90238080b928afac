import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { parse } from 'yaml';
import { type RunningSimulator, startSimulator } from '../../../packages/simulator/src/start-simulator';
import type { Connection } from '../../../src/activities/connection';
import { inspect } from '../../../src/activities/inspect';
import { planLinkedClone } from '../../../src/activities/plan-clone';
import { lookForClone, lookForRevert, systemSnapshotsOf } from '../../../src/activities/look';
import { planRevert } from '../../../src/activities/revert';
import type { Look } from '../../../src/contract/evidence';
import { DEFAULT_SETTINGS } from '../../../src/contract/operations';
import { DEFAULT_LIMITS } from '../../../src/worker/config-types';
import { closeConnections, openConnections } from '../../../src/worker/create-workers';
import { Control } from '../../environment/control';

interface Schemas {
  readonly components: {
    readonly schemas: Readonly<Record<string, { readonly properties: Readonly<Record<string, unknown>> }>>;
  };
}
const SPEC = join(__dirname, '../../conformance/spec/vsan-data-protection-openapi-9.1.0.0.yaml');
const { schemas } = (parse(readFileSync(SPEC, 'utf8')) as Schemas).components;
const documented = (name: string): readonly string[] =>
  Object.keys(schemas[name]?.properties ?? {}).map((field) => `info.${field}`);

/** Every documented field of the records of each list. Those of vCenter as its description has them. */
const FIELDS = {
  'tasks.list': ['task', 'info', ...documented('Snapservice.Tasks.Info')],
  'snapshots.list': [
    'snapshot',
    'info',
    ...documented('Snapservice.Clusters.VirtualMachines.Snapshots.Info'),
  ],
  'vm.list': ['vm', 'name', 'power_state', 'cpu_count', 'memory_size_MiB'],
  'cluster.list': ['cluster', 'name', 'ha_enabled', 'drs_enabled'],
  'folder.list': ['folder', 'name', 'type'],
  'host.list': ['host', 'name', 'connection_state', 'power_state'],
  'resourcePool.list': ['resource_pool', 'name'],
  'datacenter.list': ['datacenter', 'name'],
} as const;
type ListName = keyof typeof FIELDS;
const LISTS = Object.keys(FIELDS) as ListName[];

let simulator: RunningSimulator;
let control: Control;
let connection: Connection;
let connections: ReturnType<typeof openConnections>;
/** The lists that each use reads. */
const read = new Map<Use, ReadonlySet<string>>();
/** Ids of records of the lists: of those that a request is about, and of others. */
let ids: Record<'own' | 'foreign', Partial<Record<ListName, string>>>;

beforeAll(async () => {
  simulator = await startSimulator({});
  control = new Control(simulator.controlUrl);
  const { vcenterUrl, applianceUrl, username, password } = simulator;
  connections = openConnections([
    {
      vsphere: { name: 'main', vcenterUrl, applianceUrl, username, password, maxCallsPerSecond: 1_000 },
      allow: {},
      operation: DEFAULT_SETTINGS,
      limits: DEFAULT_LIMITS,
    },
  ]);
  connection = [...connections.values()][0]!;
  const { tasks } = await control.addEndedTasks({ count: 1, kind: 'revert', vm: 'vm-1002' });
  const { items } = await connection.vsphere.appliance.listSnapshots('domain-c8', 'vm-1001');
  const snapshot = (name: string) => items.find((each) => each.name === name)?.snapshotId ?? '';
  const [folder] = await connection.vsphere.vcenter.listFolders({ names: ['clones'] });
  const [host] = await connection.vsphere.vcenter.listHosts({ clusters: ['domain-c8'] });
  const [pool] = await connection.vsphere.vcenter.listResourcePools({ clusters: ['domain-c8'] });
  const [datacenter] = await connection.vsphere.vcenter.listDatacenters({});
  ids = {
    own: {
      'vm.list': 'vm-1001',
      'cluster.list': 'domain-c8',
      'snapshots.list': snapshot('nightly-0411'),
      'folder.list': folder?.folderId ?? '',
      'host.list': host?.hostId ?? '',
      'resourcePool.list': pool?.resourcePoolId ?? '',
      'datacenter.list': datacenter?.datacenterId ?? '',
    },
    foreign: {
      'tasks.list': tasks[0] ?? '',
      'cluster.list': 'domain-c58',
      'snapshots.list': snapshot('nightly-0410'),
    },
  };
  for (const use of ALL) {
    await control.call('DELETE', '/calls');
    await outcome(use);
    read.set(use, new Set(Object.keys((await control.calls()).calls)));
  }
});

afterAll(async () => {
  await closeConnections(connections);
  await simulator.stop();
});

const PLACE = { connection: 'main', clusterId: 'domain-c8', vmId: 'vm-1001' };
const CLONE = { vm: 'web-01', snapshot: 'nightly-0411', name: 'ci-1' };

const USES = {
  'plan a clone': (options) =>
    planLinkedClone(
      connection,
      {
        ...CLONE,
        folder: 'clones',
        host: ids.own['host.list'] ?? '',
        resourcePool: ids.own['resourcePool.list'] ?? '',
      },
      options,
    ),
  'plan a clone by default': (options) =>
    planLinkedClone(connection, { ...CLONE, snapshot: 'latest' }, options),
  'plan a revert': (options) => planRevert(connection, { vm: 'vm-1001', snapshot: 'nightly-0411' }, options),
  'list snapshots': () =>
    inspect(connections, { query: { kind: 'snapshots', connection: 'main', vm: 'web-01' } }),
  'check for a clone': (options) =>
    lookForClone(connection, { ...PLACE, name: 'web-01', folderId: 'group-v3' }, 'after-unknown', options),
  'check for a revert': (options) => lookForRevert(connection, PLACE, 'after-unknown', options),
} as const satisfies Record<string, (options: { requestId: string }) => Promise<unknown>>;
type Use = keyof typeof USES;
const ALL = Object.keys(USES) as Use[];

/** `stopped`: it fails. `not conclusive`: it goes on, and says that there may be more. */
async function outcome(use: Use): Promise<'goes on' | 'stopped' | 'not conclusive'> {
  try {
    const done = await new MockActivityEnvironment({ attempt: 1 }).run(() =>
      USES[use]({ requestId: 'fuzz' }),
    );
    return (done as Partial<Look>).inconclusive === undefined ? 'goes on' : 'not conclusive';
  } catch {
    return 'stopped';
  }
}

/** A field that is missing, and values that no description has. */
const ODD: readonly unknown[] = [undefined, '', [7]];

async function affected(list: ListName, whose: 'own' | 'foreign'): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  const id = ids[whose][list];
  expect(id).toBeTruthy();
  for (const field of FIELDS[list]) {
    for (const value of ODD) {
      await control.settings({ oddRecords: [{ operation: list, id, field, value }] });
      for (const use of ALL.filter((each) => read.get(each)?.has(list))) {
        const is = await outcome(use);
        if (is !== 'goes on') found[`${field}: ${use}`] = is;
      }
    }
  }
  await control.settings({ oddRecords: [] });
  return found;
}

test('every use goes on while each record is as documented, and every list is read by one', async () => {
  for (const use of ALL) {
    expect([use, await outcome(use)]).toEqual([use, 'goes on']);
    expect(read.get(use)?.size).toBeGreaterThan(0);
  }
  expect(LISTS.filter((list) => !ALL.some((use) => read.get(use)?.has(list)))).toEqual([]);
});

test.each(['tasks.list', 'cluster.list', 'snapshots.list'] as const)(
  '%s: no field of a record of others stops anything, but its id',
  async (list) => {
    const of: Partial<Record<ListName, Record<string, string>>> = {
      'tasks.list': {
        'task: check for a clone': 'not conclusive',
        'task: check for a revert': 'not conclusive',
      },
      // One without an id may be the one that is meant, unless that is named by its id.
      'snapshots.list': {
        'snapshot: plan a clone': 'stopped',
        'snapshot: plan a clone by default': 'stopped',
        'snapshot: plan a revert': 'stopped',
        'snapshot: check for a revert': 'not conclusive',
      },
    };
    expect(await affected(list, 'foreign')).toEqual(of[list] ?? {});
  },
);

test.each(LISTS.filter((list) => list !== 'tasks.list'))(
  '%s: what a use needs of its own record, it needs alone',
  async (list) => {
    const everywhere = (field: string, uses: readonly Use[]) =>
      Object.fromEntries(uses.map((use) => [`${field}: ${use}`, 'stopped']));
    const planned: readonly Use[] = ['plan a clone', 'plan a revert'];
    const placed: readonly Use[] = [...planned, 'plan a clone by default', 'list snapshots'];
    const needed: Partial<Record<ListName, Record<string, string>>> = {
      'vm.list': everywhere('vm', placed),
      'cluster.list': everywhere('cluster', placed),
      'folder.list': everywhere('folder', ['plan a clone']),
      'host.list': everywhere('host', ['plan a clone']),
      'resourcePool.list': everywhere('resource_pool', ['plan a clone']),
      'datacenter.list': everywhere('datacenter', ['plan a clone', 'plan a clone by default']),
      'snapshots.list': {
        ...everywhere('snapshot', [...planned, 'plan a clone by default']),
        'snapshot: check for a revert': 'not conclusive',
        // Found by its name, and used only with dates that read. One without an expiry is told by its absence.
        ...everywhere('info', planned),
        ...everywhere('info.name', planned),
        ...everywhere('info.created_at', planned),
        ...everywhere('info.expires_at', planned),
      },
    };
    expect(await affected(list, 'own')).toEqual(needed[list] ?? {});
  },
);

test('a snapshot whose expiry does not read is never the latest', async () => {
  const planned = () => planLinkedClone(connection, { ...CLONE, snapshot: 'latest' }, { requestId: 'fuzz' });
  const { snapshotId: latest } = await planned();
  await control.settings({
    oddRecords: [{ operation: 'snapshots.list', id: latest, field: 'info.expires_at', value: 'never' }],
  });
  expect((await planned()).snapshotId).not.toBe(latest);
  await control.settings({ oddRecords: [] });
});

test('a snapshot whose type does not read may be one that a revert took', async () => {
  const id = ids.foreign['snapshots.list'] ?? '';
  const oddRecords = [{ operation: 'snapshots.list', id, field: 'info.snapshot_type' }];
  await control.settings({ oddRecords });
  const { ids: taken } = await systemSnapshotsOf(connection, PLACE, { requestId: 'fuzz' });
  expect(taken).toContain(id);
  await control.settings({ oddRecords: [{ ...oddRecords[0], value: 'TIERED' }] });
  expect((await systemSnapshotsOf(connection, PLACE, { requestId: 'fuzz' })).ids).not.toContain(id);
  await control.settings({ oddRecords: [] });
});
