import type { RevertTarget } from '../contract/activities';
import type { CallOptions } from '../vsphere';
import type { Site } from './site';

/** Ids of the SYSTEM_CREATED snapshots that a machine has now: the service takes one at the beginning of each revert. */
export async function systemSnapshotsOf(
  { vsphere: { appliance } }: Site,
  { clusterId, vmId }: RevertTarget,
  options: CallOptions,
): Promise<readonly string[]> {
  return (await appliance.listSnapshots(clusterId, vmId, options))
    .filter(({ snapshotType }) => snapshotType === 'SYSTEM_CREATED')
    .map(({ snapshotId }) => snapshotId);
}
