import { z } from 'zod';
import { VimFault } from '../http/vim-fault';
import type { World } from '../world/world';

/** `_typeName` comes first wherever it is needed. */
export const referenceSchema = z.object({
  _typeName: z.literal('ManagedObjectReference'),
  type: z.string(),
  value: z.string(),
});

export type Reference = z.infer<typeof referenceSchema>;

export function reference(type: string, value: string): Reference {
  return { _typeName: 'ManagedObjectReference', type, value };
}

function exists(world: World, { type, value }: Reference): boolean {
  const { inventory } = world;
  switch (type) {
    case 'VirtualMachine':
      return inventory.vms.get(value)?.deletedAtMs === undefined && inventory.vms.has(value);
    case 'Folder':
      return inventory.folders.has(value);
    case 'ResourcePool':
      return inventory.resourcePools.has(value);
    case 'ClusterComputeResource':
    case 'ComputeResource':
      return inventory.clusters.has(value);
    case 'HostSystem':
      return inventory.hosts.has(value);
    case 'Datacenter':
      return inventory.datacenters.has(value);
    default:
      return false;
  }
}

/** Throws the fault ManagedObjectNotFound for the first entity that does not exist. */
export function requireEntities(world: World, entities: readonly Reference[]): void {
  const missing = entities.find((entity) => !exists(world, entity));
  if (missing) throw new VimFault('ManagedObjectNotFound', { obj: reference(missing.type, missing.value) });
}
