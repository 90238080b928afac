import { z } from 'zod';
import type { Call, Operation, Reply } from '../http/operation';
import { readBody } from '../http/read-request';
import { VapiError } from '../http/errors';
import type { Vm } from '../world/inventory';
import {
  findCluster,
  findProtectedVm,
  vmNotFound,
  requirePrivileges,
  requireSnapshot,
} from '../world/look-up';
import { startNewVm, type NewVmRequest, startRevert } from '../world/starts';
import type { World } from '../world/world';
import { identify } from './authorize';

const VM = '/api/snapservice/clusters/:cluster/virtual-machines/:vm';

const optionalId = z
  .string()
  .nullish()
  .transform((id) => id ?? undefined);
const placement = z
  .strictObject({ folder: optionalId, resource_pool: optionalId, host: optionalId })
  .nullish()
  .transform((spec) => spec ?? {});
const cloneSpec = z.strictObject({ snapshot: z.string(), name: z.string(), placement });
const restoreSpec = z.strictObject({ snapshot: z.string(), name: optionalId, placement });
const revertSpec = z.strictObject({ snapshot: z.string() });

function taskAction(action: string): Record<string, string> {
  return { action, 'vmw-task': 'true' };
}

function accepted(task: string): Reply {
  return { status: 202, body: task };
}

function find(world: World, call: Call) {
  const cluster = findCluster(world, call.params['cluster'] ?? '');
  return { cluster, vm: findProtectedVm(world, cluster.id, call.params['vm'] ?? '') };
}

function requireAlive(vm: Vm): void {
  if (vm.deletedAtMs !== undefined) throw vmNotFound(vm.id);
}

function placementPrivileges(spec: NewVmRequest['placement']): string[] {
  return spec.resource_pool === undefined ? [] : ['Resource.AssignVMToPool'];
}

function clone(world: World, call: Call): Reply {
  const cause = identify(world, call);
  const spec = readBody(cloneSpec, call.body);
  const { cluster, vm } = find(world, call);
  requireAlive(vm);
  requirePrivileges(world, cause.user, [
    'Host.Config.Storage',
    'VirtualMachine.Provisioning.Clone',
    'VirtualMachine.Inventory.CreateFromExisting',
    ...placementPrivileges(spec.placement),
  ]);
  const snapshot = requireSnapshot(world, cluster.id, vm.id, spec.snapshot);
  return accepted(startNewVm(world, { ...spec, kind: 'clone', cluster, source: vm, snapshot }, cause));
}

function restore(world: World, call: Call): Reply {
  const cause = identify(world, call);
  const spec = readBody(restoreSpec, call.body);
  const { cluster, vm } = find(world, call);
  requirePrivileges(world, cause.user, [
    'Host.Config.Storage',
    'VirtualMachine.Inventory.Create',
    ...placementPrivileges(spec.placement),
  ]);
  const snapshot = requireSnapshot(world, cluster.id, vm.id, spec.snapshot);
  if (vm.deletedAtMs === undefined) {
    throw new VapiError('INVALID_ARGUMENT', `${vm.id} was not deleted, so it cannot be restored.`, [vm.id]);
  }
  const name = spec.name ?? vm.name;
  return accepted(
    startNewVm(world, { ...spec, name, kind: 'restore', cluster, source: vm, snapshot }, cause),
  );
}

function revert(world: World, call: Call): Reply {
  const cause = identify(world, call);
  const spec = readBody(revertSpec, call.body);
  const { cluster, vm } = find(world, call);
  requireAlive(vm);
  requirePrivileges(world, cause.user, [
    'Host.Config.Storage',
    'VirtualMachine.State.RevertToSnapshot',
    'VirtualMachine.Interact.PowerOff',
  ]);
  const snapshot = requireSnapshot(world, cluster.id, vm.id, spec.snapshot);
  return accepted(startRevert(world, { cluster, vm, snapshot }, cause));
}

/** The three operations that start a task on a VM; 202 and the task id mean that it will happen. */
export function startOperations(world: World): Operation[] {
  const shared = { method: 'POST', path: VM } as const;
  return [
    {
      ...shared,
      name: 'linkedClone',
      query: taskAction('linked-clone'),
      answer: (call) => clone(world, call),
    },
    { ...shared, name: 'revert', query: taskAction('revert'), answer: (call) => revert(world, call) },
    { ...shared, name: 'restore', query: taskAction('restore'), answer: (call) => restore(world, call) },
  ];
}
