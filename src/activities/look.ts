import type { RevertTarget, CloneTarget, LookInput } from '../contract/activities';
import type { Look, ObservedTask, ObservedVm } from '../contract/evidence';
import { omitUndefined } from '../contract/omit-undefined';
import { isEnded } from '../contract/service';
import { nameForms, sameName } from '../contract/spelling';
import { VsphereError, type CallOptions, type VmSummary } from '../vsphere';
import type { Connection } from './connection';
import { ownRunId } from './context';
import { straysOf, type SoughtClone } from './strays';
import { listVmTasks, together, whyInconclusive, type SeenTask } from './vm-tasks';

function recorded(seen: SeenTask): ObservedTask {
  const { startedAt: _, ...task } = seen;
  return task;
}

/** Whether a task may still work. One that the service has forgotten has nothing more to say. */
export async function isOpen(
  { vsphere }: Connection,
  taskId: string,
  options: CallOptions,
): Promise<boolean> {
  try {
    return !isEnded((await vsphere.appliance.getTask(taskId, options)).status);
  } catch (error) {
    if (error instanceof VsphereError && error.kind === 'not-found') return false;
    throw error;
  }
}

/**
 * Ids of the SYSTEM_CREATED snapshots that a machine has now: the service takes one at the beginning of each revert. One
 * whose type does not read may be one. `unread` tells that there may be more.
 */
export async function systemSnapshotsOf(
  { vsphere: { appliance } }: Connection,
  { clusterId, vmId }: RevertTarget,
  options: CallOptions,
): Promise<{ readonly ids: readonly string[]; readonly unread?: VsphereError }> {
  const { items, unread } = await appliance.listSnapshots(clusterId, vmId, options);
  const ids = items
    .filter(({ snapshotType = 'SYSTEM_CREATED' }) => snapshotType === 'SYSTEM_CREATED')
    .map(({ snapshotId }) => snapshotId);
  return { ids, ...omitUndefined({ unread }) };
}

/** A host tells its time by the second, and a reply may be on its way for a while. */
const CLOCK_ERROR_MS = 5_000;

/**
 * One complete look for a clone (E3): the task list by service, then the inventory by name. Rejects rather than return
 * an incomplete one. Before the first post open tasks are enough. A second list follows the inventory where a machine has
 * no task in the first: an effect that came between the two would pass for another client's. A record that was dropped
 * meanwhile counts as seen.
 */
export async function lookForClone(
  connection: Connection,
  target: SoughtClone,
  depth: LookInput['depth'],
  options: CallOptions,
): Promise<Look> {
  const seenAt = new Date(connection.vsphere.hostNowMs('appliance') - CLOCK_ERROR_MS).toISOString();
  const tasksNow = () => listVmTasks(connection, 'clone', depth === 'first' ? 'open' : 'any', options);
  const before = await tasksNow();
  const vms = await vmsNamed(connection, target, options);
  const areExplained = vms.every(({ vmId }) => before.tasks.some(({ resultId }) => resultId === vmId));
  const { tasks, inconclusive } =
    depth === 'first' || areExplained ? before : together([await tasksNow(), before]);
  const strays = depth === 'first' ? [] : await straysOf(connection, target, { tasks, vms }, options);
  return {
    runId: ownRunId(),
    tasks: tasks.map(recorded),
    vms,
    ...omitUndefined({
      inconclusive,
      seenAt: depth === 'first' ? seenAt : undefined,
      strays: strays.length === 0 ? undefined : strays,
    }),
  };
}

/**
 * One complete look for a revert: the machine's SYSTEM_CREATED snapshots, its power state, and every task that may be
 * one of this machine. Tasks count whatever their status, because an ended revert looks like any other one later.
 */
export async function lookForRevert(
  connection: Connection,
  target: RevertTarget,
  depth: LookInput['depth'],
  options: CallOptions,
): Promise<Look> {
  const tasksNow = () => listVmTasks(connection, 'revert', 'any', options);
  const before = await tasksNow();
  const systemSnapshots = await systemSnapshotsOf(connection, target, options);
  const areExplained = depth === 'first' || systemSnapshots.ids.length === 0;
  const { tasks, inconclusive } = areExplained ? before : together([await tasksNow(), before]);
  const { unread } = systemSnapshots;
  return {
    runId: ownRunId(),
    tasks: tasks.filter(({ targetId }) => targetId === undefined || targetId === target.vmId).map(recorded),
    vms: [],
    systemSnapshots: systemSnapshots.ids,
    powerState: await connection.vsphere.vcenter.getPower(target.vmId, options),
    serviceSeen: tasks.length > 0,
    ...omitUndefined({
      inconclusive: inconclusive ?? (unread === undefined ? undefined : whyInconclusive(unread)),
    }),
  };
}

/** By name, in every form in which vCenter may keep it, and folder. Never by listing a cluster. */
export async function vmsNamed(
  { vsphere }: Connection,
  { name, folderId }: Pick<CloneTarget, 'name' | 'folderId'>,
  options: CallOptions,
): Promise<readonly ObservedVm[]> {
  const vms = await vsphere.vcenter.listVms({ names: nameForms(name), folders: [folderId] }, options);
  // The server found it by its name: that it does not read says nothing against it.
  return observedVms(vms, ({ name: found = name }) => sameName(found, name));
}

/**
 * The same among all machines of the folder, for a server that has just said that the name is taken: it folds case, and a
 * filter by name may not.
 */
export async function vmsNamedInAnyCase(
  { vsphere }: Connection,
  { name, folderId }: Pick<CloneTarget, 'name' | 'folderId'>,
  options: CallOptions,
): Promise<readonly ObservedVm[]> {
  const vms = await vsphere.vcenter.listVms({ folders: [folderId] }, options);
  return observedVms(vms, ({ name: found }) => found !== undefined && sameName(found, name));
}

const observedVms = (vms: readonly VmSummary[], isNamed: (vm: VmSummary) => boolean): readonly ObservedVm[] =>
  vms.filter(isNamed).map(({ vmId, powerState }) => ({ vmId, ...omitUndefined({ powerState }) }));
