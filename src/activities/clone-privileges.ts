import type { LinkedCloneRequest } from '../contract/request';
import type { Entity } from '../vsphere';
import type { NeededPrivilege } from './check-privileges';

/** What a clone needs, as the official description lists it per operation; what is not documented is marked as a doubt. */
export function clonePrivileges(
  request: Pick<LinkedCloneRequest, 'powerOn'>,
  ids: {
    readonly clusterId: string;
    readonly vmId: string;
    readonly folderId: string;
    readonly poolId?: string;
  },
): readonly NeededPrivilege[] {
  const folder: Entity = { type: 'Folder', id: ids.folderId };
  return [
    need('Host.Config.Storage', { type: 'ClusterComputeResource', id: ids.clusterId }, 'the cluster'),
    need(
      'VirtualMachine.Provisioning.Clone',
      { type: 'VirtualMachine', id: ids.vmId },
      'the virtual machine',
    ),
    need('VirtualMachine.Inventory.CreateFromExisting', folder, 'the folder'),
    ...(ids.poolId === undefined
      ? []
      : [need('Resource.AssignVMToPool', { type: 'ResourcePool', id: ids.poolId }, 'the resource pool')]),
    ...(request.powerOn === true ? [need('VirtualMachine.Interact.PowerOn', folder, 'the folder')] : []),
    {
      ...need('VirtualMachine.Inventory.Delete', folder, 'the folder'),
      doubt: 'a clone that has to be undone could not be deleted',
    },
  ];
}

const need = (privilege: string, entity: Entity, called: string): NeededPrivilege => ({
  privilege,
  entity,
  called,
});
