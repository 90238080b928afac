import { VapiError } from '../http/errors';
import { acceptTask, VM_SERVICE, GROUP_SNAPSHOT_SERVICE } from './accept-task';
import { type Cluster, type Snapshot, type Vm, keptName, type ProtectionGroup } from './inventory';
import type { Cause } from './ledger';
import { requireFreeName, requireValidName, requireSnapshot, isInCluster, vmNotFound } from './look-up';
import { createVmFromSnapshot, placeVm, type PlacementSpec, setPower, takeSnapshot } from './machines';
import { type Task, isTerminal } from './tasks';
import type { World } from './world';

export interface NewVmRequest {
  readonly kind: 'clone' | 'restore';
  readonly cluster: Cluster;
  readonly source: Vm;
  readonly snapshot: Snapshot;
  readonly name: string;
  readonly placement: PlacementSpec;
}

function requireCapacity(world: World, kind: NewVmRequest['kind']): void {
  if (world.tasks.countOpen(kind) < world.settings.maxClones) return;
  throw new VapiError('NOT_ALLOWED_IN_CURRENT_STATE', `Too many ${kind} operations are in progress.`);
}

/** Accepts a clone or a restore and returns its task id. The VM exists when the task ends. */
export function startNewVm(world: World, request: NewVmRequest, cause: Cause): string {
  const { kind, cluster, source, snapshot } = request;
  requireValidName(request.name);
  const name = keptName(request.name);
  const placed = { ...placeVm(world, cluster, request.placement), name };
  requireFreeName(world, placed.folder, name);
  requireCapacity(world, kind);
  const work = (task: string): Task['work'] => ({
    durationMs: kind === 'clone' ? world.settings.cloneMs : world.settings.restoreMs,
    begin: () => void requireSnapshot(world, cluster.id, source.id, snapshot.id),
    finish: () => {
      if (world.settings.nameCheck === 'task') requireFreeName(world, placed.folder, name);
      const { id } = createVmFromSnapshot(world, source, snapshot, placed);
      world.ledger.write({ kind, vm: source.id, name, task, resultVm: id, snapshot: snapshot.id }, cause);
      return id;
    },
  });
  const operation = kind === 'clone' ? 'linked_clone' : 'restore';
  const target = { type: 'VirtualMachine', id: source.id };
  return acceptTask(world, { kind, service: VM_SERVICE, operation, target, cause }, work);
}

export interface RevertRequest {
  readonly cluster: Cluster;
  readonly vm: Vm;
  readonly snapshot: Snapshot;
}

function requireRevertable(world: World, { cluster, vm }: RevertRequest): void {
  if (!isInCluster(world, cluster.id, vm)) {
    throw new VapiError('NOT_ALLOWED_IN_CURRENT_STATE', `${vm.id} has moved to another cluster.`, [vm.id]);
  }
  if (world.tasks.countOpen('revert') >= world.settings.maxReverts) {
    throw new VapiError('NOT_ALLOWED_IN_CURRENT_STATE', 'Too many revert operations are in progress.');
  }
}

/**
 * Accepts a revert and returns its task id. It begins with a snapshot of the present state and the power off; the
 * content is rolled back, and the ledger written, when the task ends.
 */
export function startRevert(world: World, request: RevertRequest, cause: Cause): string {
  requireRevertable(world, request);
  const { cluster, vm, snapshot } = request;
  const requireVm = () => {
    if (vm.deletedAtMs !== undefined) throw vmNotFound(vm.id);
  };
  const work = (task: string): Task['work'] => ({
    durationMs: world.settings.revertMs,
    begin: () => {
      requireVm();
      requireSnapshot(world, cluster.id, vm.id, snapshot.id);
      const name = `system-before-${snapshot.name}`.slice(0, 80);
      takeSnapshot(world, vm, { name, type: 'SYSTEM_CREATED', task }, cause);
      setPower(vm, 'POWERED_OFF');
    },
    finish: () => {
      requireVm();
      vm.contentGeneration = snapshot.contentGeneration;
      world.ledger.write({ kind: 'revert', vm: vm.id, task, snapshot: snapshot.id }, cause);
      return undefined;
    },
  });
  const target = { type: 'VirtualMachine', id: vm.id };
  return acceptTask(world, { kind: 'revert', service: VM_SERVICE, operation: 'revert', target, cause }, work);
}

/** Taking a snapshot of a group is quick compared with a clone. */
const GROUP_SNAPSHOT_MS = 500;

export interface GroupSnapshotRequest {
  readonly group: ProtectionGroup;
  readonly name: string;
  /** Milliseconds to keep it; absent keeps it for as long as the group lives. */
  readonly retentionMs?: number | undefined;
}

function membersOf(world: World, group: ProtectionGroup) {
  return group.vms.flatMap((id) => {
    const vm = world.inventory.vms.get(id);
    return vm && isInCluster(world, group.cluster, vm) ? [vm] : [];
  });
}

function takeGroupSnapshot(world: World, request: GroupSnapshotRequest, task: string, cause: Cause): string {
  const { group, name, retentionMs } = request;
  const id = world.ids.uuid();
  const startedAt = world.applianceNowMs();
  const expiresAt = retentionMs === undefined ? undefined : startedAt + retentionMs;
  const shared = { name, type: 'ONE_TIME' as const, expiresAt, protectionGroup: group.id };
  world.inventory.groupSnapshots.set(id, { ...shared, id, startedAt, endedAt: startedAt });
  for (const vm of membersOf(world, group)) {
    takeSnapshot(world, vm, { ...shared, task, groupSnapshot: id }, cause);
  }
  return id;
}

/** Accepts an on-demand snapshot of every VM of the group and returns its task id. One at a time per group. */
export function startGroupSnapshot(world: World, request: GroupSnapshotRequest, cause: Cause): string {
  const { group } = request;
  const isBusy = (task: Task) => task.target.id === group.id && !isTerminal(task.status);
  if (world.tasks.all().some(isBusy)) {
    throw new VapiError('NOT_ALLOWED_IN_CURRENT_STATE', `Another operation on ${group.id} is in progress.`);
  }
  const target = { type: 'com.vmware.snapservice.protection_group', id: group.id };
  const what = {
    kind: 'snapshot',
    service: GROUP_SNAPSHOT_SERVICE,
    operation: 'create',
    target,
    cause,
  } as const;
  return acceptTask(world, what, (task) => ({
    durationMs: GROUP_SNAPSHOT_MS,
    finish: () => takeGroupSnapshot(world, request, task, cause),
  }));
}
