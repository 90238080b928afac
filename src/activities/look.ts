import type { CloneTarget, LookInput, RevertTarget } from '../contract/activities';
import type { Look, ObservedTask, ObservedVm } from '../contract/evidence';
import type { CallOptions } from '../vsphere';
import { ownRunId } from './in-activity';
import { listVmTasks, OPEN } from './list-vm-tasks';
import type { Site } from './site';
import { systemSnapshotsOf } from './system-snapshots';

/**
 * One complete look for a clone (E3): the task list by service, then the inventory by name. Rejects rather than return
 * an incomplete one. Before the first post open tasks are enough.
 */
export async function lookForClone(
  site: Site,
  target: Pick<CloneTarget, 'name' | 'folderId'>,
  depth: LookInput['depth'],
  options: CallOptions,
): Promise<Look> {
  const tasksNow = () => listVmTasks(site.vsphere.appliance, depth === 'first' ? OPEN : undefined, options);
  const before = await tasksNow();
  const vms = await vmsNamed(site, target, options);
  const areExplained = vms.every(({ vmId }) => before.some(({ resultId }) => resultId === vmId));
  const tasks = depth === 'first' || areExplained ? before : latest(before, await tasksNow());
  return { runId: ownRunId(), tasks, vms, serviceSeen: tasks.length > 0 };
}

/**
 * One complete look for a revert: every task that may be one of this machine, whatever its status, because an ended
 * revert cannot be told from another one later; its SYSTEM_CREATED snapshots; its power state.
 */
export async function lookForRevert(
  site: Site,
  target: RevertTarget,
  depth: LookInput['depth'],
  options: CallOptions,
): Promise<Look> {
  const tasksNow = () => listVmTasks(site.vsphere.appliance, undefined, options);
  const before = await tasksNow();
  const systemSnapshots = await systemSnapshotsOf(site, target, options);
  const areExplained = depth === 'first' || systemSnapshots.length === 0;
  const tasks = areExplained ? before : latest(before, await tasksNow());
  return {
    runId: ownRunId(),
    tasks: tasks.filter(({ targetId }) => targetId === undefined || targetId === target.vmId),
    vms: [],
    systemSnapshots,
    powerState: await site.vsphere.vcenter.getPower(target.vmId, options),
    serviceSeen: tasks.length > 0,
  };
}

/**
 * Two task lists, one before the inventory and one after it. An effect that came between the first list and the inventory
 * shows without its task, which would be taken for somebody else's; a record that was dropped meanwhile counts as seen.
 */
const latest = (before: readonly ObservedTask[], after: readonly ObservedTask[]): readonly ObservedTask[] => [
  ...after,
  ...before.filter(({ taskId }) => !after.some((task) => task.taskId === taskId)),
];

/** By name and folder, never by listing a cluster. */
export async function vmsNamed(
  { vsphere }: Site,
  { name, folderId }: Pick<CloneTarget, 'name' | 'folderId'>,
  options: CallOptions,
): Promise<readonly ObservedVm[]> {
  const vms = await vsphere.vcenter.listVms({ names: [name], folders: [folderId] }, options);
  return vms.map(({ vmId, powerState }) => ({ vmId, powerState }));
}
