import { VapiError } from '../http/vapi-error';
import { acceptTask, VM_SERVICE } from './accept-task';
import type { Cluster, Snapshot, Vm } from './inventory';
import type { Cause } from './ledger';
import { isInCluster, vmNotFound } from './look-up';
import { requireSnapshot } from './require-snapshot';
import { setPower } from './set-power';
import { takeSnapshot } from './take-snapshot';
import type { Task } from './task';
import type { World } from './world';

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
