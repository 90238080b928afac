import type { Snapshot, Vm } from './inventory';
import type { Placement } from './placement';
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
