import type { Cluster, Datacenter, Folder, Host, ResourcePool } from '../world/inventory';
import type { World } from '../world/world';

type Values<Item> = (item: Item, world: World) => (string | undefined)[];

/** A list of vCenter: where it is, what it holds, and every documented filter with the values that it looks at. */
export interface PlaceList<Item> {
  readonly path: string;
  readonly items: (world: World) => Item[];
  readonly filters: Readonly<Record<string, Values<Item>>>;
  readonly closedSets?: Readonly<Record<string, readonly string[]>>;
  readonly summarize: (item: Item) => unknown;
}

function clusterOf(world: World, id: string): Cluster | undefined {
  return world.inventory.clusters.get(id);
}

/** Hosts and clusters live in the host folder of their datacenter. */
function hostFolders(world: World, datacenter: string | undefined): string[] {
  return [...world.inventory.folders.values()]
    .filter((folder) => folder.type === 'HOST' && folder.datacenter === datacenter)
    .map((folder) => folder.id);
}

/** Datacenters live in the root folder. */
function rootFolders(world: World): string[] {
  return [...world.inventory.folders.values()]
    .filter((folder) => folder.type === 'DATACENTER')
    .map((folder) => folder.id);
}

export const clusterList: PlaceList<Cluster> = {
  path: '/api/vcenter/cluster',
  items: (world) => [...world.inventory.clusters.values()],
  filters: {
    clusters: ({ id }) => [id],
    names: ({ name }) => [name],
    folders: ({ datacenter }, world) => hostFolders(world, datacenter),
    datacenters: ({ datacenter }) => [datacenter],
  },
  summarize: ({ id, name, haEnabled, drsEnabled }) => ({
    cluster: id,
    name,
    ha_enabled: haEnabled,
    drs_enabled: drsEnabled,
  }),
};

export const folderList: PlaceList<Folder> = {
  path: '/api/vcenter/folder',
  items: (world) => [...world.inventory.folders.values()],
  filters: {
    folders: ({ id }) => [id],
    names: ({ name }) => [name],
    type: ({ type }) => [type],
    parent_folders: ({ parent }) => [parent],
    datacenters: ({ datacenter }) => [datacenter],
  },
  closedSets: { type: ['DATACENTER', 'DATASTORE', 'HOST', 'NETWORK', 'VIRTUAL_MACHINE'] },
  summarize: ({ id, name, type }) => ({ folder: id, name, type }),
};

export const resourcePoolList: PlaceList<ResourcePool> = {
  path: '/api/vcenter/resource-pool',
  items: (world) => [...world.inventory.resourcePools.values()],
  filters: {
    resource_pools: ({ id }) => [id],
    names: ({ name }) => [name],
    parent_resource_pools: ({ parent }) => [parent],
    datacenters: ({ cluster }, world) => [clusterOf(world, cluster)?.datacenter],
    hosts: ({ cluster }, world) =>
      [...world.inventory.hosts.values()].filter((host) => host.cluster === cluster).map(({ id }) => id),
    clusters: ({ cluster }) => [cluster],
  },
  summarize: ({ id, name }) => ({ resource_pool: id, name }),
};

export const hostList: PlaceList<Host> = {
  path: '/api/vcenter/host',
  items: (world) => [...world.inventory.hosts.values()],
  filters: {
    hosts: ({ id }) => [id],
    names: ({ name }) => [name],
    folders: ({ cluster }, world) => hostFolders(world, clusterOf(world, cluster)?.datacenter),
    datacenters: ({ cluster }, world) => [clusterOf(world, cluster)?.datacenter],
    standalone: () => ['false'],
    clusters: ({ cluster }) => [cluster],
    connection_states: ({ connectionState }) => [connectionState],
  },
  closedSets: { connection_states: ['CONNECTED', 'DISCONNECTED', 'NOT_RESPONDING'] },
  summarize: ({ id, name, connectionState, powerState }) => ({
    host: id,
    name,
    connection_state: connectionState,
    power_state: powerState,
  }),
};

export const datacenterList: PlaceList<Datacenter> = {
  path: '/api/vcenter/datacenter',
  items: (world) => [...world.inventory.datacenters.values()],
  filters: {
    datacenters: ({ id }) => [id],
    names: ({ name }) => [name],
    folders: (_datacenter, world) => rootFolders(world),
  },
  summarize: ({ id, name }) => ({ datacenter: id, name }),
};
