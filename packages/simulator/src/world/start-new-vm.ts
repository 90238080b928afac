import { VapiError } from '../http/vapi-error';
import { acceptTask, VM_SERVICE } from './accept-task';
import { createVmFromSnapshot } from './create-vm';
import type { Cluster, Snapshot, Vm } from './inventory';
import { keptName } from './kept-name';
import type { Cause } from './ledger';
import { placeVm, type PlacementSpec } from './placement';
import { requireFreeName, requireValidName } from './require-free-name';
import { requireSnapshot } from './require-snapshot';
import type { Task } from './task';
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
