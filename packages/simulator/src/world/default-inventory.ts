import { defaultVms } from './default-vms';
import { defaultSnapshots } from './default-snapshots';
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
