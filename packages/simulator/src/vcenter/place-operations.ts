import { VapiError } from '../http/errors';
import type { Call, Operation, Reply, OperationName } from '../http/operation';
import { matches, queryValues, requireKnownParameters } from '../http/read-request';
import type { Cluster, Datacenter, Folder, Host, ResourcePool } from '../world/inventory';
import type { World } from '../world/world';
import { authorizeVcenter, boundedList } from './authorize';

/** vCenter's documented limit of a list of anything but VMs. */
const MAX_PLACES = 1000;

function requireBooleans(query: URLSearchParams, name: string): void {
  for (const value of query.getAll(name)) {
    if (value === 'true' || value === 'false') continue;
    throw new VapiError('INVALID_ARGUMENT', `${value} is not a value of ${name}.`, [value, name]);
  }
}

function requireDocumented<Item>(list: PlaceList<Item>, query: URLSearchParams): void {
  requireKnownParameters(query, Object.keys(list.filters));
  requireBooleans(query, 'standalone');
  for (const [name, documented] of Object.entries(list.closedSets ?? {})) {
    const wrong = query.getAll(name).find((value) => !documented.includes(value));
    if (wrong === undefined) continue;
    throw new VapiError('INVALID_ARGUMENT', `${wrong} is not a value of ${name}.`, [wrong, name]);
  }
}

function answerList<Item>(world: World, list: PlaceList<Item>, call: Call): Reply {
  authorizeVcenter(world, call, 'System.Read');
  requireDocumented(list, call.query);
  const filters = Object.entries(list.filters).map(
    ([name, valueOf]) => [queryValues(call.query, name), valueOf] as const,
  );
  const found = list
    .items(world)
    .filter((item) => filters.every(([wanted, valuesOf]) => matches(wanted, ...valuesOf(item, world))));
  return boundedList(
    found.map((item) => list.summarize(item)),
    MAX_PLACES,
  );
}

function listOperation<Item>(world: World, name: OperationName, list: PlaceList<Item>): Operation {
  return { name, method: 'GET', path: list.path, answer: (call) => answerList(world, list, call) };
}

/** Lists of everything that a VM can be placed in. */
export function placeOperations(world: World): Operation[] {
  return [
    listOperation(world, 'cluster.list', clusterList),
    listOperation(world, 'folder.list', folderList),
    listOperation(world, 'resourcePool.list', resourcePoolList),
    listOperation(world, 'host.list', hostList),
    listOperation(world, 'datacenter.list', datacenterList),
  ];
}

type Values<Item> = (item: Item, world: World) => (string | undefined)[];

/** A list of vCenter: where it is, what it holds, and every documented filter with the values that it looks at. */
interface PlaceList<Item> {
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

const clusterList: PlaceList<Cluster> = {
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

const folderList: PlaceList<Folder> = {
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

const resourcePoolList: PlaceList<ResourcePool> = {
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

const hostList: PlaceList<Host> = {
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

const datacenterList: PlaceList<Datacenter> = {
  path: '/api/vcenter/datacenter',
  items: (world) => [...world.inventory.datacenters.values()],
  filters: {
    datacenters: ({ id }) => [id],
    names: ({ name }) => [name],
    folders: (_datacenter, world) => rootFolders(world),
  },
  summarize: ({ id, name }) => ({ datacenter: id, name }),
};
