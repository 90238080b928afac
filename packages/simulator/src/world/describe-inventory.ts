import type { Inventory, Vm } from './inventory';

function iso(moment: number): string {
  return new Date(moment).toISOString();
}

function withExpiry(expiresAt: number | undefined): { expiresAt?: string } {
  return expiresAt === undefined ? {} : { expiresAt: iso(expiresAt) };
}

/** JSON leaves out what is undefined. */
function withoutLifetime(vm: Vm) {
  return { ...vm, visibleAtMs: undefined, deletedAtMs: undefined };
}

/** The inventory in the shape of an inventory file: what `GET /state` shows can be given to `--inventory`. */
export function describeInventory(inventory: Inventory) {
  const all = <Shape>(items: Map<string, Shape>) => [...items.values()];
  return {
    datacenters: all(inventory.datacenters),
    folders: all(inventory.folders),
    clusters: all(inventory.clusters),
    hosts: all(inventory.hosts),
    resourcePools: all(inventory.resourcePools),
    vms: all(inventory.vms)
      .filter((vm) => vm.deletedAtMs === undefined)
      .map(withoutLifetime),
    protectionGroups: all(inventory.protectionGroups),
    groupSnapshots: all(inventory.groupSnapshots).map(({ expiresAt, ...item }) => ({
      ...item,
      startedAt: iso(item.startedAt),
      endedAt: iso(item.endedAt),
      ...withExpiry(expiresAt),
    })),
    snapshots: all(inventory.snapshots).map(({ expiresAt, ...item }) => ({
      ...item,
      createdAt: iso(item.createdAt),
      ...withExpiry(expiresAt),
    })),
  };
}
