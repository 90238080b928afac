import { VapiError } from '../http/vapi-error';
import { acceptTask, GROUP_SNAPSHOT_SERVICE } from './accept-task';
import type { ProtectionGroup } from './inventory';
import type { Cause } from './ledger';
import { isInCluster } from './look-up';
import { takeSnapshot } from './take-snapshot';
import { isTerminal, type Task } from './task';
import type { World } from './world';

/** Taking a snapshot of a group is quick compared with a clone. */
const GROUP_SNAPSHOT_MS = 500;

export interface GroupSnapshotRequest {
  readonly group: ProtectionGroup;
  readonly name: string;
  /** Milliseconds to keep it; absent keeps it for as long as the group lives. */
  readonly retentionMs?: number | undefined;
}

function membersOf(world: World, group: ProtectionGroup) {
  return group.vms.flatMap((id) => {
    const vm = world.inventory.vms.get(id);
    return vm && isInCluster(world, group.cluster, vm) ? [vm] : [];
  });
}

function takeGroupSnapshot(world: World, request: GroupSnapshotRequest, task: string, cause: Cause): string {
  const { group, name, retentionMs } = request;
  const id = world.ids.uuid();
  const startedAt = world.applianceNowMs();
  const expiresAt = retentionMs === undefined ? undefined : startedAt + retentionMs;
  const shared = { name, type: 'ONE_TIME' as const, expiresAt, protectionGroup: group.id };
  world.inventory.groupSnapshots.set(id, { ...shared, id, startedAt, endedAt: startedAt });
  for (const vm of membersOf(world, group)) {
    takeSnapshot(world, vm, { ...shared, task, groupSnapshot: id }, cause);
  }
  return id;
}

/** Accepts an on-demand snapshot of every VM of the group and returns its task id. One at a time per group. */
export function startGroupSnapshot(world: World, request: GroupSnapshotRequest, cause: Cause): string {
  const { group } = request;
  const isBusy = (task: Task) => task.target.id === group.id && !isTerminal(task.status);
  if (world.tasks.all().some(isBusy)) {
    throw new VapiError('NOT_ALLOWED_IN_CURRENT_STATE', `Another operation on ${group.id} is in progress.`);
  }
  const target = { type: 'com.vmware.snapservice.protection_group', id: group.id };
  const what = {
    kind: 'snapshot',
    service: GROUP_SNAPSHOT_SERVICE,
    operation: 'create',
    target,
    cause,
  } as const;
  return acceptTask(world, what, (task) => ({
    durationMs: GROUP_SNAPSHOT_MS,
    finish: () => takeGroupSnapshot(world, request, task, cause),
  }));
}
