import type { Ids } from './ids';
import { inventorySchema, type InventoryFile, type ParsedInventory } from './inventory-schema';

const CLUSTERS: InventoryFile['clusters'] = [
  { id: 'domain-c8', name: 'cluster-01', datacenter: 'datacenter-2', drsEnabled: true, haEnabled: true },
  { id: 'domain-c58', name: 'cluster-02', datacenter: 'datacenter-2', drsEnabled: false, haEnabled: true },
];

const FOLDERS: InventoryFile['folders'] = [
  { id: 'group-d1', name: 'Datacenters', type: 'DATACENTER' },
  { id: 'group-v3', name: 'vm', type: 'VIRTUAL_MACHINE', datacenter: 'datacenter-2' },
  { id: 'group-h4', name: 'host', type: 'HOST', datacenter: 'datacenter-2' },
  { id: 'group-s5', name: 'datastore', type: 'DATASTORE', datacenter: 'datacenter-2' },
  { id: 'group-n6', name: 'network', type: 'NETWORK', datacenter: 'datacenter-2' },
  ...['production', 'staging', 'clones', 'team-a'].map((name, index) => ({
    id: `group-v${101 + index}`,
    name,
    type: 'VIRTUAL_MACHINE' as const,
    parent: 'group-v3',
    datacenter: 'datacenter-2',
  })),
  { id: 'group-v105', name: 'ci', type: 'VIRTUAL_MACHINE', parent: 'group-v104', datacenter: 'datacenter-2' },
];

function hostsOf(cluster: string, firstId: number, firstNumber: number): InventoryFile['hosts'] {
  return [0, 1, 2].map((offset) => ({
    id: `host-${firstId + offset}`,
    name: `esx-0${firstNumber + offset}.example.test`,
    cluster,
  }));
}

function poolsOf(cluster: string, firstId: number): InventoryFile['resourcePools'] {
  const root = `resgroup-${firstId}`;
  return [
    { id: root, name: 'Resources', cluster },
    { id: `resgroup-${firstId + 11}`, name: 'production', cluster, parent: root },
    { id: `resgroup-${firstId + 12}`, name: 'ci', cluster, parent: root },
  ];
}

function groupsOf(vms: InventoryFile['vms']): InventoryFile['protectionGroups'] {
  return CLUSTERS.map(({ id, name }, index) => ({
    id: `pg-${index + 1}`,
    name: `nightly-${name}`,
    cluster: id,
    vms: vms.filter((vm) => vm.cluster === id).map((vm) => vm.id),
    vmNamePatterns: [],
  }));
}

/**
 * One datacenter, two clusters (the second without DRS) of three hosts each, folders, pools, and 20 VMs with five
 * snapshots each. Ids come from the seed; moments are relative to the start.
 */
export function defaultInventory(ids: Ids): ParsedInventory {
  const vms = defaultVms(ids);
  return inventorySchema.parse({
    datacenters: [{ id: 'datacenter-2', name: 'dc-01', vmFolder: 'group-v3' }],
    folders: FOLDERS,
    clusters: CLUSTERS,
    hosts: [...hostsOf('domain-c8', 12, 1), ...hostsOf('domain-c58', 62, 4)],
    resourcePools: [...poolsOf('domain-c8', 9), ...poolsOf('domain-c58', 59)],
    vms,
    protectionGroups: groupsOf(vms),
    ...defaultSnapshots(vms, ids),
  } satisfies InventoryFile);
}

type VmFile = InventoryFile['vms'][number];
type Place = Pick<VmFile, 'folder' | 'resourcePool' | 'cluster'> & { hosts: readonly string[] };

const PRODUCTION: Place = {
  folder: 'group-v101',
  resourcePool: 'resgroup-20',
  cluster: 'domain-c8',
  hosts: ['host-12', 'host-13', 'host-14'],
};
const STAGING: Place = { ...PRODUCTION, folder: 'group-v102', resourcePool: 'resgroup-9' };
const WITHOUT_DRS: Place = {
  folder: 'group-v101',
  resourcePool: 'resgroup-70',
  cluster: 'domain-c58',
  hosts: ['host-62', 'host-63', 'host-64'],
};

function series(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-0${index + 1}`);
}

/** `shared-01` is there twice, in two folders: a name alone does not identify a VM. */
const PLACED: readonly (readonly [string, Place])[] = [
  ...series('web', 6).map((name) => [name, PRODUCTION] as const),
  ...series('app', 4).map((name) => [name, STAGING] as const),
  ['shared-01', PRODUCTION],
  ['shared-01', STAGING],
  ...series('db', 4).map((name) => [name, WITHOUT_DRS] as const),
  ...series('batch', 4).map((name) => [name, WITHOUT_DRS] as const),
];

const POWERED_OFF = 'app-04';

/** The 20 VMs of the default inventory, `vm-1001` (`web-01`) to `vm-1020`; one of them is powered off. */
function defaultVms(ids: Ids): VmFile[] {
  return PLACED.map(([name, { hosts, ...place }], index) => ({
    id: `vm-${1001 + index}`,
    name,
    ...place,
    host: hosts[index % hosts.length] ?? 'host-12',
    powerState: name === POWERED_OFF ? 'POWERED_OFF' : 'POWERED_ON',
    contentGeneration: 10,
    biosUuid: ids.uuid(),
  }));
}

type Snapshots = Required<Pick<InventoryFile, 'snapshots' | 'groupSnapshots'>>;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Outlived by any operation whose snapshot must last an hour, so that a precheck has something to refuse. */
const NEAR_EXPIRY = 20 * MINUTE;
const NEAR_EXPIRY_VM = 'vm-1002';

/** Oldest first. The newest one is the system's, so that "latest" is not simply the last. */
const SERIES = [
  { name: 'nightly-0410', type: 'SCHEDULED', ageMs: 3 * DAY, expiresInMs: 4 * DAY, generation: 3 },
  { name: 'nightly-0411', type: 'SCHEDULED', ageMs: 2 * DAY, expiresInMs: 5 * DAY, generation: 5 },
  { name: 'before-upgrade', type: 'ONE_TIME', ageMs: 30 * HOUR, expiresInMs: undefined, generation: 6 },
  { name: 'nightly-0412', type: 'SCHEDULED', ageMs: 6 * HOUR, expiresInMs: 6 * DAY, generation: 8 },
  {
    name: 'system-before-revert',
    type: 'SYSTEM_CREATED',
    ageMs: 2 * HOUR,
    expiresInMs: 2 * DAY,
    generation: 9,
  },
] as const;

type Kind = (typeof SERIES)[number];

function expiry(kind: Kind, vm: string): { expiresAt?: number } {
  if (kind.expiresInMs === undefined) return {};
  const isNear = vm === NEAR_EXPIRY_VM && kind.name === 'nightly-0410';
  return { expiresAt: isNear ? NEAR_EXPIRY : kind.expiresInMs };
}

function groupOf(cluster: string): string {
  return cluster === 'domain-c8' ? 'pg-1' : 'pg-2';
}

function groupSnapshotId(cluster: string, kind: Kind): string {
  return `${groupOf(cluster)}:${kind.name}`;
}

function membership(cluster: string, kind: Kind) {
  if (kind.type !== 'SCHEDULED') return {};
  return { protectionGroup: groupOf(cluster), groupSnapshot: groupSnapshotId(cluster, kind) };
}

function groupSnapshots(): Snapshots['groupSnapshots'] {
  const clusters = ['domain-c8', 'domain-c58'];
  return SERIES.filter((kind) => kind.type === 'SCHEDULED').flatMap((kind) =>
    clusters.map((cluster) => ({
      id: groupSnapshotId(cluster, kind),
      protectionGroup: groupOf(cluster),
      name: kind.name,
      type: kind.type,
      startedAt: -kind.ageMs,
      endedAt: -kind.ageMs + MINUTE,
      ...expiry(kind, ''),
    })),
  );
}

/** Five snapshots for each VM, three of them scheduled ones of its protection group. */
function defaultSnapshots(vms: InventoryFile['vms'], ids: Ids): Snapshots {
  const snapshots = vms.flatMap(({ id: vm, cluster }) =>
    SERIES.map((kind) => ({
      id: ids.uuid(),
      vm,
      cluster,
      name: kind.name,
      type: kind.type,
      createdAt: -kind.ageMs,
      contentGeneration: kind.generation,
      ...expiry(kind, vm),
      ...membership(cluster, kind),
    })),
  );
  return { snapshots, groupSnapshots: groupSnapshots() };
}
