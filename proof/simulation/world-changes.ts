import { createVmFromSnapshot, setPower } from '../../packages/simulator/src/world/machines';
import { startRevert } from '../../packages/simulator/src/world/starts';
import { isTerminal } from '../../packages/simulator/src/world/tasks';
import type { World } from '../../packages/simulator/src/world/world';
import type { Operation } from '../../src/contract/operations';
import { CLONE_NAME, SOURCE_VM } from './request';

const SOMEBODY = { user: 'somebody@vsphere.local', call: 'somebody' };

/** Somebody makes a machine of the clone's name; somebody else's account reverts the same machine. */
export function somebodyElse(world: World, operation: Operation): void {
  const source = world.inventory.vms.get(SOURCE_VM);
  if (source !== undefined) RIVALS[operation](world, source);
}

const RIVALS: Readonly<Record<Operation, (world: World, source: Vm) => void>> = {
  clone: makeSameName,
  revert: revertSameVm,
};

type Vm = NonNullable<ReturnType<World['inventory']['vms']['get']>>;

function makeSameName(world: World, source: Vm): void {
  const { resourcePool, cluster, host } = source;
  const placed = { folder: 'group-v3', resourcePool, cluster, host };
  createVmFromSnapshot(world, source, { contentGeneration: 1 }, { ...placed, name: CLONE_NAME });
}

function revertSameVm(world: World, source: Vm): void {
  const snapshot = [...world.inventory.snapshots.values()].find(({ vm }) => vm === SOURCE_VM);
  const cluster = world.inventory.clusters.get(source.cluster);
  const hasRoom = world.settings.maxReverts > 0;
  if (snapshot !== undefined && cluster !== undefined && hasRoom)
    startRevert(world, { cluster, vm: source, snapshot }, SOMEBODY);
}

const newestOpen = (world: World) => world.tasks.all().findLast(({ status }) => !isTerminal(status));

/** The newest open task ends FAILED; with its effect, or without. */
export function taskFails(world: World, withEffect: boolean): boolean {
  const task = newestOpen(world);
  if (task === undefined) return false;
  world.tasks.override(task, { status: 'FAILED', effect: withEffect });
  return true;
}

/** The newest open task gets a status that nobody knows; returns how it gets its own back. */
export function oddStatus(world: World): (() => void) | undefined {
  const task = newestOpen(world);
  if (task === undefined) return undefined;
  const { status } = task;
  world.tasks.override(task, { status: 'CONTEMPLATING' });
  return () => {
    if (task.status === 'CONTEMPLATING') world.tasks.override(task, { status });
  };
}

/** The newest task's record goes; what it does, it does. */
export function taskForgotten(world: World): boolean {
  const task = world.tasks.all().at(-1);
  if (task === undefined) return false;
  world.tasks.forget(task.id);
  return true;
}

/** Somebody starts the newest clone. */
export function clonePoweredOn(world: World): boolean {
  const made = world.ledger.all().findLast(({ kind }) => kind === 'clone')?.resultVm;
  const vm = made === undefined ? undefined : world.inventory.vms.get(made);
  if (vm === undefined || vm.deletedAtMs !== undefined) return false;
  setPower(vm, 'POWERED_ON');
  return true;
}
