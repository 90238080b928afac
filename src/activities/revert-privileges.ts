import type { RevertRequest } from '../contract/request';
import type { Entity } from '../vsphere';
import type { NeededPrivilege } from './check-privileges';

/** What a revert needs, as the official description lists it per operation. */
export function revertPrivileges(
  { restorePower }: Pick<RevertRequest, 'restorePower'>,
  { clusterId, vmId }: { readonly clusterId: string; readonly vmId: string },
): readonly NeededPrivilege[] {
  const vm: Entity = { type: 'VirtualMachine', id: vmId };
  const onVm = (privilege: string): NeededPrivilege => ({
    privilege,
    entity: vm,
    called: 'the virtual machine',
  });
  return [
    {
      privilege: 'Host.Config.Storage',
      entity: { type: 'ClusterComputeResource', id: clusterId },
      called: 'the cluster',
    },
    onVm('VirtualMachine.State.RevertToSnapshot'),
    onVm('VirtualMachine.Interact.PowerOff'),
    ...(restorePower === true ? [onVm('VirtualMachine.Interact.PowerOn')] : []),
  ];
}
