import { z } from 'zod';
import { VimFault } from '../http/errors';
import type { World } from '../world/world';

/** A client may leave the `_typeName` out where the type is known. A reply has it, and there it comes first. */
export const referenceSchema = z
  .object({ _typeName: z.literal('ManagedObjectReference').optional(), type: z.string(), value: z.string() })
  .transform(({ type, value }) => reference(type, value));

export interface Reference {
  readonly _typeName: 'ManagedObjectReference';
  readonly type: string;
  readonly value: string;
}

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

export const SESSION_MANAGER = 'SessionManager';
export const AUTHORIZATION_MANAGER = 'AuthorizationManager';

/** ServiceContent: the ids by which everything else is reached. */
export function describeContent({ release, inventory, settings }: World) {
  const version = release.split('.').slice(0, 3).join('.');
  const root = [...inventory.folders.values()].find((folder) => folder.type === 'DATACENTER');
  return {
    _typeName: 'ServiceContent',
    rootFolder: reference('Folder', root?.id ?? 'group-d1'),
    propertyCollector: reference('PropertyCollector', 'propertyCollector'),
    about: {
      _typeName: 'AboutInfo',
      name: 'VMware vCenter Server',
      fullName: `VMware vCenter Server ${version} (simulated)`,
      vendor: 'VMware, Inc.',
      version,
      build: '1',
      osType: 'linux-x64',
      productLineId: 'vpx',
      apiType: 'VirtualCenter',
      apiVersion: release,
      instanceUuid: settings.instanceUuid,
    },
    sessionManager: reference('SessionManager', SESSION_MANAGER),
    authorizationManager: reference('AuthorizationManager', AUTHORIZATION_MANAGER),
  };
}
