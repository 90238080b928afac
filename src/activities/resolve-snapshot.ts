import { quoted } from '../contract/text';
import type { CallOptions, Snapshot, SnapshotType } from '../vsphere';
import type { Site } from './connection';
import { failWith } from './errors';
import { onlyOne } from './resolve-one';

/** A snapshot must outlive the operation. Default span of one, see the waiting budget. */
const OPERATION_SPAN_MS = 60 * 60_000;
/** `latest` means what people or schedules took: right after a revert the newest one is its SYSTEM_CREATED undo snapshot. */
const FOR_LATEST: readonly SnapshotType[] = ['SCHEDULED', 'ONE_TIME'];

/** The snapshot that `snapshot` means (name, id or `latest`), of this machine, that does not expire meanwhile. */
export async function resolveSnapshot(
  { vsphere }: Site,
  { clusterId, vmId, vmName }: { readonly clusterId: string; readonly vmId: string; readonly vmName: string },
  snapshot: string,
  options: CallOptions,
): Promise<Snapshot> {
  const all = newestFirst(await vsphere.appliance.listSnapshots(clusterId, vmId, options));
  if (all.length === 0) refuseWithout(snapshot, { clusterId, vmId, vmName });
  const found = snapshot === 'latest' ? latestOf(all, vmName) : byReference(all, snapshot, { vmId, vmName });
  if (found.vmId !== vmId) {
    failWith(
      'SnapshotUnsuitable',
      `snapshot "${snapshot}" is one of ${found.vmId}, not of ${vmName} (${vmId}): choose one of its own.`,
      { field: 'snapshot', value: snapshot },
    );
  }
  refuseExpiring(found, vsphere.hostNowMs('appliance'));
  return found;
}

export const newestFirst = (snapshots: readonly Snapshot[]): readonly Snapshot[] =>
  snapshots.toSorted((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt));

/** The newest one. Another that is called `latest` makes it unclear which one is meant. */
function latestOf(all: readonly Snapshot[], vmName: string): Snapshot {
  const newest = all.find(({ snapshotType }) => FOR_LATEST.includes(snapshotType));
  const field = { field: 'snapshot', value: 'latest' };
  if (newest === undefined) {
    return failWith(
      'ObjectNotFound',
      `snapshot "latest": vm "${vmName}" has no SCHEDULED or ONE_TIME snapshot: take one, or name another.`,
      field,
    );
  }
  const called = all
    .filter(({ name, snapshotId }) => name === 'latest' || snapshotId === 'latest')
    .map(({ snapshotId }) => snapshotId)
    .filter((snapshotId) => snapshotId !== newest.snapshotId);
  if (called.length === 0) return newest;
  return failWith(
    'NameAmbiguous',
    `snapshot "latest" means the newest one, "${newest.name}" (${newest.snapshotId}), and is the name of ${called.join(', ')}: use one of these ids.`,
    { ...field, ids: [newest.snapshotId, ...called] },
  );
}

/** Snapshots stay in the cluster in which they were taken: one that its machine has left can neither be cloned nor reverted to. */
function refuseWithout(
  snapshot: string,
  { clusterId, vmId, vmName }: { readonly clusterId: string; readonly vmId: string; readonly vmName: string },
): never {
  failWith(
    'ObjectNotFound',
    `snapshot "${snapshot}": vm "${vmName}" (${vmId}) has no snapshot in ${clusterId}, the cluster that holds it: take one, or, if it was moved there, move it back to the cluster of its snapshots.`,
    { field: 'snapshot', value: snapshot },
  );
}

function byReference(
  all: readonly Snapshot[],
  snapshot: string,
  { vmId, vmName }: { readonly vmId: string; readonly vmName: string },
): Snapshot {
  const withId = all.map((each) => ({
    ...each,
    id: each.snapshotId,
    where: `${each.snapshotType} of ${each.createdAt}`,
  }));
  const byId = withId.filter(({ id }) => id === snapshot);
  const byName = withId.filter(({ name }) => name === snapshot);
  if (byId.length + byName.length === 0) {
    failWith(
      'ObjectNotFound',
      `vm "${vmName}" has ${all.length} snapshots, none called "${snapshot}": choose one that snapflow snapshots --vm ${quoted(vmId)} lists.`,
      { field: 'snapshot', value: snapshot },
    );
  }
  return onlyOne('snapshot', snapshot, { byId, byName });
}

/** By the appliance's clock, which is the one that deletes it. It has just listed the snapshots. */
function refuseExpiring({ name, snapshotId, expiresAt }: Snapshot, applianceNowMs: number): void {
  if (expiresAt === undefined || Date.parse(expiresAt) > applianceNowMs + OPERATION_SPAN_MS) return;
  failWith(
    'SnapshotUnsuitable',
    `snapshot "${name}" (${snapshotId}) expires at ${expiresAt}, within the hour that an operation may take: choose a later one.`,
    { field: 'snapshot', value: name, snapshotId, expiresAt },
  );
}
