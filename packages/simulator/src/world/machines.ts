import { VapiError } from '../http/errors';
import type { Snapshot, Vm, Cluster, Host, ResourcePool } from './inventory';
import type { Cause } from './ledger';
import type { World } from './world';

/** A new VM with the content of a snapshot: powered off, shown by vCenter after `visibilityDelayMs`. */
export function createVmFromSnapshot(
  world: World,
  source: Pick<Vm, 'cpuCount' | 'memoryMiB'>,
  snapshot: Pick<Snapshot, 'contentGeneration'>,
  wanted: Placement & Pick<Vm, 'name'>,
): Vm {
  const { name, folder, resourcePool, host, cluster } = wanted;
  const vm: Vm = {
    id: world.ids.vm((id) => world.inventory.vms.has(id)),
    name,
    folder,
    resourcePool,
    host,
    cluster,
    powerState: 'POWERED_OFF',
    cleanPowerOff: true,
    contentGeneration: snapshot.contentGeneration,
    biosUuid: world.ids.uuid(),
    cpuCount: source.cpuCount,
    memoryMiB: source.memoryMiB,
    visibleAtMs: world.clock.now() + world.settings.visibilityDelayMs,
  };
  world.inventory.vms.set(vm.id, vm);
  return vm;
}

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

/** Deletes a VM. The appliance goes on knowing it for as long as it has snapshots. */
export function deleteVm(world: World, vm: Vm): void {
  vm.deletedAtMs = world.clock.now();
}

/** Only a VM that its own system shut down is off in a clean way; this simulator's stop is a hard one. */
export function setPower(vm: Vm, powerState: Vm['powerState']): void {
  vm.powerState = powerState;
  vm.cleanPowerOff = false;
}

export interface SnapshotRequest extends Pick<Snapshot, 'name' | 'type'> {
  readonly task: string;
  readonly expiresAt?: number | undefined;
  readonly protectionGroup?: string;
  readonly groupSnapshot?: string;
}

/** Takes a snapshot of the VM's content as it is now, and writes it into the ledger. */
export function takeSnapshot(world: World, vm: Vm, request: SnapshotRequest, cause: Cause): Snapshot {
  const { task, expiresAt, ...rest } = request;
  const snapshot: Snapshot = {
    ...rest,
    id: world.ids.uuid(),
    vm: vm.id,
    cluster: vm.cluster,
    createdAt: world.applianceNowMs(),
    expiresAt,
    contentGeneration: vm.contentGeneration,
  };
  world.inventory.snapshots.set(snapshot.id, snapshot);
  world.ledger.write(
    { kind: 'snapshot', vm: vm.id, name: snapshot.name, task, snapshot: snapshot.id },
    cause,
  );
  return snapshot;
}
