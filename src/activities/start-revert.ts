import type { StartRevertInput } from '../contract/activities';
import type { StartOutcome } from '../contract/evidence';
import type { CallOptions, VsphereError } from '../vsphere';
import { callerId } from './in-activity';
import { listVmTasks, OPEN } from './list-vm-tasks';
import type { Site } from './site';
import { refused, startOnce, type Refused } from './start-once';

/** See `Activities.startRevert`. Nothing else may run on the machine: two reverts never overlap (E8). */
export function startRevert(site: Site, input: StartRevertInput): Promise<StartOutcome> {
  const { clusterId, vmId, snapshotId } = input;
  return startOnce(site, input, {
    operation: 'revert',
    lookBefore: (options) => openTaskOn(site, vmId, options),
    post: (options) => site.vsphere.appliance.startRevert(clusterId, vmId, { snapshot: snapshotId }, options),
    explain: (error) => movedAway(site, input, error),
  });
}

async function openTaskOn(
  { vsphere }: Site,
  vmId: string,
  options: CallOptions,
): Promise<Refused | undefined> {
  const tasks = await listVmTasks(vsphere.appliance, OPEN, options);
  const open = tasks.find(({ targetId }) => targetId === vmId);
  if (open === undefined) return undefined;
  return refused(
    false,
    'Busy',
    `task ${open.taskId} is still ${open.status} on ${vmId}: waiting for its end.`,
  );
}

/** NOT_ALLOWED_IN_CURRENT_STATE means capacity, which passes, or a machine that left its cluster, which does not. */
async function movedAway(
  { vsphere }: Site,
  { clusterId, vmId }: StartRevertInput,
  error: VsphereError,
): Promise<Refused | undefined> {
  if (error.kind !== 'not-allowed') return undefined;
  const found = await vsphere.appliance
    .listProtectedVms(clusterId, { vms: [vmId] }, { requestId: callerId() })
    .catch(() => undefined);
  if (found === undefined || found.some(({ inCluster }) => inCluster)) return undefined;
  return refused(
    true,
    'Rejected',
    `vm ${vmId} is not in cluster ${clusterId} any more: name its new cluster and repeat with --again.`,
  );
}
