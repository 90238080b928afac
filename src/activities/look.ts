import type { CloneTarget, RevertTarget } from '../contract/activities';
import type { Look, ObservedVm } from '../contract/evidence';
import type { CallOptions } from '../vsphere';
import { ownRunId } from './in-activity';
import { listVmTasks, OPEN } from './list-vm-tasks';
import type { Site } from './site';

/**
 * One complete look for a clone (E3): the task list by service, then the inventory by name. Rejects rather than return
 * an incomplete one. Before the first post open tasks are enough.
 */
export async function lookForClone(
  site: Site,
  target: Pick<CloneTarget, 'name' | 'folderId'>,
  depth: 'first' | 'after-unknown',
  options: CallOptions,
): Promise<Look> {
  const tasks = await listVmTasks(site.vsphere.appliance, depth === 'first' ? OPEN : undefined, options);
  const vms = await vmsNamed(site, target, options);
  return { runId: ownRunId(), tasks, vms, serviceSeen: tasks.length > 0 };
}

/**
 * One complete look for a revert: every task that may be one of this machine, whatever its status, because an ended
 * revert cannot be told from another one later; its SYSTEM_CREATED snapshots; its power state.
 */
export async function lookForRevert(
  { vsphere: { appliance, vcenter } }: Site,
  { clusterId, vmId }: RevertTarget,
  options: CallOptions,
): Promise<Look> {
  const tasks = await listVmTasks(appliance, undefined, options);
  const snapshots = await appliance.listSnapshots(clusterId, vmId, options);
  return {
    runId: ownRunId(),
    tasks: tasks.filter(({ targetId }) => targetId === undefined || targetId === vmId),
    vms: [],
    systemSnapshots: snapshots
      .filter(({ snapshotType }) => snapshotType === 'SYSTEM_CREATED')
      .map(({ snapshotId }) => snapshotId),
    powerState: await vcenter.getPower(vmId, options),
    serviceSeen: tasks.length > 0,
  };
}

/** By name and folder, never by listing a cluster. */
export async function vmsNamed(
  { vsphere }: Site,
  { name, folderId }: Pick<CloneTarget, 'name' | 'folderId'>,
  options: CallOptions,
): Promise<readonly ObservedVm[]> {
  const vms = await vsphere.vcenter.listVms({ names: [name], folders: [folderId] }, options);
  return vms.map(({ vmId, powerState }) => ({ vmId, powerState }));
}
