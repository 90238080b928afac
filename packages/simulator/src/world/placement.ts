import { VapiError } from '../http/vapi-error';
import type { Cluster, Host, ResourcePool, Vm } from './inventory';
import type { World } from './world';

export interface PlacementSpec {
  readonly folder?: string | undefined;
  readonly resource_pool?: string | undefined;
  readonly host?: string | undefined;
}

export type Placement = Pick<Vm, 'folder' | 'resourcePool' | 'host' | 'cluster'>;

function invalid(message: string): VapiError {
  return new VapiError('INVALID_ARGUMENT', message);
}

function folderFor(world: World, cluster: Cluster, spec: PlacementSpec): string {
  const id = spec.folder ?? world.inventory.datacenters.get(cluster.datacenter)?.vmFolder ?? '';
  const folder = world.inventory.folders.get(id);
  if (folder?.type !== 'VIRTUAL_MACHINE') throw invalid(`The folder ${id} is not a virtual machine folder.`);
  if (folder.datacenter !== cluster.datacenter)
    throw invalid(`The folder ${id} is not in the datacenter of ${cluster.id}.`);
  return folder.id;
}

function poolFor(world: World, cluster: Cluster, spec: PlacementSpec): ResourcePool {
  const pools = [...world.inventory.resourcePools.values()].filter((pool) => pool.cluster === cluster.id);
  const wanted = (pool: ResourcePool) =>
    spec.resource_pool === undefined ? pool.parent === undefined : pool.id === spec.resource_pool;
  const pool = pools.find(wanted);
  if (!pool) throw invalid(`The resource pool ${spec.resource_pool} does not belong to ${cluster.id}.`);
  return pool;
}

/** Without DRS nobody picks a host, so one must be named. */
function hostFor(world: World, cluster: Cluster, spec: PlacementSpec): Host {
  const hosts = [...world.inventory.hosts.values()].filter((host) => host.cluster === cluster.id);
  if (spec.host === undefined && !cluster.drsEnabled) {
    throw invalid(`The cluster ${cluster.id} has no DRS, so the placement must name a host.`);
  }
  const [connected = hosts[0]] = hosts.filter(({ connectionState }) => connectionState === 'CONNECTED');
  const host = spec.host === undefined ? connected : hosts.find(({ id }) => id === spec.host);
  if (!host) throw invalid(`The host ${spec.host} is not a member of ${cluster.id}.`);
  if (host.connectionState !== 'CONNECTED')
    throw new VapiError('NOT_ALLOWED_IN_CURRENT_STATE', `The host ${host.id} is ${host.connectionState}.`);
  return host;
}

/** Where a new VM goes, by the rules of the official description; INVALID_ARGUMENT when it cannot go there. */
export function placeVm(world: World, cluster: Cluster, spec: PlacementSpec): Placement {
  return {
    folder: folderFor(world, cluster, spec),
    resourcePool: poolFor(world, cluster, spec).id,
    host: hostFor(world, cluster, spec).id,
    cluster: cluster.id,
  };
}
