import { VapiError } from '../http/errors';
import { type Cluster, type Snapshot, type Vm, nameKey, plainName } from './inventory';
import type { World } from './world';

/** The cluster, or NOT_FOUND. */
export function findCluster(world: World, id: string): Cluster {
  const cluster = world.inventory.clusters.get(id);
  if (!cluster) throw new VapiError('NOT_FOUND', `The cluster ${id} was not found.`, [id]);
  return cluster;
}

/** VMs that exist, whether vCenter already shows them or not. */
function existingVms(world: World): Vm[] {
  return [...world.inventory.vms.values()].filter((vm) => vm.deletedAtMs === undefined);
}

/** VMs that vCenter shows now. */
export function visibleVms(world: World): Vm[] {
  const nowMs = world.clock.now();
  return existingVms(world).filter((vm) => vm.visibleAtMs <= nowMs);
}

/** A VM that vCenter shows now, or NOT_FOUND. */
export function findVisibleVm(world: World, id: string): Vm {
  const vm = world.inventory.vms.get(id);
  if (!vm || vm.deletedAtMs !== undefined || vm.visibleAtMs > world.clock.now()) throw vmNotFound(id);
  return vm;
}

export function vmNotFound(id: string): VapiError {
  return new VapiError('NOT_FOUND', `The virtual machine ${id} was not found.`, [id]);
}

/** Names are unique per folder. */
function isNameTaken(world: World, folder: string, name: string): boolean {
  const key = nameKey(name);
  return existingVms(world).some((vm) => vm.folder === folder && nameKey(vm.name) === key);
}

/** Snapshots of a VM on a cluster that have not expired, by the appliance's clock. */
export function snapshotsOf(world: World, cluster: string, vm: string): Snapshot[] {
  const nowMs = world.applianceNowMs();
  return [...world.inventory.snapshots.values()].filter(
    (snapshot) =>
      snapshot.vm === vm &&
      snapshot.cluster === cluster &&
      (snapshot.expiresAt === undefined || snapshot.expiresAt > nowMs),
  );
}

/**
 * A VM as the appliance knows it on a cluster: one that is there, or that was deleted or moved away and left
 * snapshots; else NOT_FOUND.
 */
export function findProtectedVm(world: World, cluster: string, id: string): Vm {
  const vm = world.inventory.vms.get(id);
  if (!vm || !isKnownTo(world, cluster, vm)) throw vmNotFound(id);
  return vm;
}

export function isKnownTo(world: World, cluster: string, vm: Vm): boolean {
  return isInCluster(world, cluster, vm) || snapshotsOf(world, cluster, vm.id).length > 0;
}

export function isInCluster(world: World, cluster: string, vm: Vm): boolean {
  return vm.deletedAtMs === undefined && vm.cluster === cluster && vm.visibleAtMs <= world.clock.now();
}

/** vCenter's own limit for the name of a virtual machine. */
const MAX_NAME_LENGTH = 80;

export function requireValidName(name: string): void {
  const { length } = plainName(name);
  if (length > 0 && length <= MAX_NAME_LENGTH) return;
  throw new VapiError('INVALID_ARGUMENT', `A name has 1 to ${MAX_NAME_LENGTH} characters.`);
}

/** ALREADY_EXISTS when a VM of this folder has the name now; tasks in flight do not count. */
export function requireFreeName(world: World, folder: string, name: string): void {
  if (!isNameTaken(world, folder, name)) return;
  throw new VapiError('ALREADY_EXISTS', `A virtual machine named ${name} already exists.`, [name]);
}

/** The snapshot of this VM, or INVALID_ARGUMENT: that is how the official description answers an unknown one. */
export function requireSnapshot(world: World, cluster: string, vm: string, id: string): Snapshot {
  const snapshot = snapshotsOf(world, cluster, vm).find((candidate) => candidate.id === id);
  if (snapshot) return snapshot;
  throw new VapiError('INVALID_ARGUMENT', `The snapshot ${id} is not a snapshot of ${vm}.`, [id, vm]);
}

/** UNAUTHORIZED when the user lacks one of the privileges; the message does not say which, as the real one. */
export function requirePrivileges(world: World, user: string, privileges: readonly string[]): void {
  if (privileges.every((privilege) => world.users.may(user, privilege))) return;
  throw new VapiError('UNAUTHORIZED', 'Permission to perform this operation was denied.');
}
