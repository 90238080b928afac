import type {
  MachineSeen,
  PreparedRevert,
  PrepareRevertInput,
  StartRevertInput,
} from '../contract/activities';
import type { Look, StartOutcome } from '../contract/evidence';
import { omitUndefined } from '../contract/omit-undefined';
import { DEFAULT_CONNECTION, type RevertRequest } from '../contract/operations';
import { parseRevertInput } from '../request/schemas';
import type { VsphereError, Entity, CallOptions } from '../vsphere';
import { assertAllowed, checkPrivileges, parsedOrRefused, type NeededPrivilege } from './checks';
import { connectionOf, type Connection, type Connections } from './connection';
import { checking, ownRunId, callerId } from './context';
import { mayHavePosted } from './linked-clone';
import { lookForRevert } from './look';
import { resolveSource } from './resolve-names';
import { siteBegun } from './same-site';
import { refused, startOnce, type Refused, type Stale } from './start-once';
import { listVmTasks } from './vm-tasks';

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

/** A request with every name resolved and every check passed. */
export interface PlannedRevert extends Omit<PreparedRevert, 'runId' | 'user' | 'settings'> {
  /** ISO 8601. */
  readonly snapshotCreatedAt: string;
  readonly clusterName: string;
}

/** Resolves and checks. Reads only. Fails with the first kind of problem, with all problems of that kind. */
export async function planRevert(
  connection: Connection,
  request: RevertRequest,
  options: CallOptions,
): Promise<PlannedRevert> {
  const { vm, cluster, snapshot } = await resolveSource(connection, request, options);
  const { clusterId } = cluster;
  await assertAllowed(connection, { cluster, source: vm }, options);
  const privileges = revertPrivileges(request, { clusterId, vmId: vm.id });
  const warnings = await checkPrivileges(connection, privileges, options);
  return {
    connection: request.connection ?? DEFAULT_CONNECTION,
    clusterId,
    clusterName: cluster.name,
    vmId: vm.id,
    vmName: vm.name,
    snapshotId: snapshot.snapshotId,
    snapshotName: snapshot.name,
    snapshotCreatedAt: snapshot.createdAt,
    warnings,
  };
}

/** See `Activities.prepareRevert`. */
export async function prepareRevert(
  connections: Connections,
  { input: unparsed, originalRunId, siteId: before }: PrepareRevertInput,
): Promise<PreparedRevert | undefined> {
  const input = parsedOrRefused(parseRevertInput, unparsed);
  const { request } = input;
  const connection = connectionOf(connections, request.connection ?? DEFAULT_CONNECTION);
  const siteId = await siteBegun(connection, {
    siteId: before,
    mayHavePosted: mayHavePosted(input, originalRunId),
  });
  return checking(connection, async (options) => {
    const planned = await planRevert(connection, request, options);
    const { user } = await connection.vsphere.appliance.whoAmI(options);
    return {
      runId: ownRunId(),
      ...planned,
      user,
      settings: connection.settings,
      ...omitUndefined({ siteId }),
    };
  });
}

/** See `Activities.startRevert`. Nothing else may run on the machine: two reverts never overlap (E8). */
export function startRevert(connection: Connection, input: StartRevertInput): Promise<StartOutcome> {
  const { clusterId, vmId, snapshotId } = input;
  return startOnce(connection, input, {
    operation: 'revert',
    lookBefore: async (options) => {
      // A list of its own: a record that does not read forbids a post where it may be open, and not where it has ended.
      const open = await openTaskOn(connection, vmId, options);
      if (open !== undefined || input.seen === undefined) return open;
      const now = await lookForRevert(connection, input, 'first', options);
      return changedSince(input.seen, now) ?? unreadBeforeUndo(input, now);
    },
    post: (options) =>
      connection.vsphere.appliance.startRevert(clusterId, vmId, { snapshot: snapshotId }, options),
    explain: (error) => movedAway(connection, input, error),
  });
}

async function openTaskOn(
  connection: Connection,
  vmId: string,
  options: CallOptions,
): Promise<Refused | undefined> {
  const { tasks, inconclusive } = await listVmTasks(connection, 'revert', 'open', options);
  const open = tasks.find(({ targetId, oddTarget }) => targetId === vmId || oddTarget === true);
  if (open !== undefined) {
    const on = open.oddTarget === true ? `a machine that cannot be read, perhaps ${vmId}` : vmId;
    return refused(
      false,
      'Busy',
      `task ${open.taskId} is still ${open.status} on ${on}: waiting for its end.`,
    );
  }
  if (inconclusive === undefined) return undefined;
  return refused(false, 'Busy', `whether a task is open on ${vmId} is not known: ${inconclusive}.`);
}

/** What happened to the machine since it was seen. A start that has waited for hours must not undo what came meanwhile. */
function changedSince(seen: MachineSeen, now: Look): Stale | undefined {
  const task = now.tasks.find(({ taskId }) => !seen.tasks.includes(taskId));
  const snapshot = (now.systemSnapshots ?? []).find((id) => !seen.systemSnapshots.includes(id));
  const what =
    task !== undefined
      ? `task ${task.taskId} followed it`
      : snapshot !== undefined
        ? `the service took the snapshot ${snapshot} since`
        : now.powerState !== seen.powerState
          ? `the machine is ${now.powerState}, and was ${seen.powerState}`
          : undefined;
  return what === undefined ? undefined : { kind: 'stale', what };
}

/** An undo is for what was seen alone: what does not read may be something that has happened since. */
const unreadBeforeUndo = ({ purpose }: StartRevertInput, { inconclusive }: Look): Stale | undefined =>
  purpose === 'undo' && inconclusive !== undefined ? { kind: 'stale', what: inconclusive } : undefined;

/** NOT_ALLOWED_IN_CURRENT_STATE means capacity, which passes, or a machine that left its cluster, which does not. */
async function movedAway(
  { vsphere }: Connection,
  { clusterId, vmId }: StartRevertInput,
  error: VsphereError,
): Promise<Refused | undefined> {
  if (error.kind !== 'not-allowed') return undefined;
  const found = await vsphere.appliance
    .listProtectedVms(clusterId, { vms: [vmId] }, { requestId: callerId() })
    .catch(() => undefined);
  if (found === undefined || found.unread !== undefined) return undefined;
  if (found.items.some(({ inCluster }) => inCluster !== false)) return undefined;
  return refused(
    true,
    'Rejected',
    `vm ${vmId} is not in cluster ${clusterId} any more: name its new cluster and repeat with --again.`,
  );
}
