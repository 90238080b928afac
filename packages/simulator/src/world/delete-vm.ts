import type { Vm } from './inventory';
import type { World } from './world';

/** Deletes a VM. The appliance goes on knowing it for as long as it has snapshots. */
export function deleteVm(world: World, vm: Vm): void {
  vm.deletedAtMs = world.clock.now();
}
