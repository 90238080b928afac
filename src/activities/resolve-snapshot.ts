import { shellWord } from '../contract/text';
import type { CallOptions, Snapshot } from '../vsphere';
import type { Connection } from './connection';
import { failWith } from './errors';
import { onlyOne } from './resolve-one';

/** A snapshot must outlive the operation. Default span of one, see the waiting budget. */
const OPERATION_SPAN_MS = 60 * 60_000;
/** `latest` means what people or schedules took: right after a revert the newest one is its SYSTEM_CREATED undo snapshot. */
const FOR_LATEST: readonly (string | undefined)[] = ['SCHEDULED', 'ONE_TIME'];

/** The snapshot that `snapshot` means (name, id or `latest`), of this machine, that does not expire meanwhile. */
export async function resolveSnapshot(
  { vsphere }: Connection,
  { clusterId, vmId, vmName }: { readonly clusterId: string; readonly vmId: string; readonly vmName: string },
  snapshot: string,
  options: CallOptions,
): Promise<UsableSnapshot> {
  const { items, unread } = await vsphere.appliance.listSnapshots(clusterId, vmId, options);
  const all = newestFirst(items);
  // Any but an id may mean the one without an id.
  if (unread !== undefined && !all.some(({ snapshotId }) => snapshotId === snapshot)) throw unread;
  if (all.length === 0) refuseWithout(snapshot, { clusterId, vmId, vmName });
  const found = snapshot === 'latest' ? latestOf(all, vmName) : byReference(all, snapshot, { vmId, vmName });
  if (found.vmId !== undefined && found.vmId !== vmId) {
    failWith(
      'SnapshotUnsuitable',
      `snapshot "${snapshot}" is one of ${found.vmId}, not of ${vmName} (${vmId}): choose one of its own.`,
      { field: 'snapshot', value: snapshot },
    );
  }
  if (!isDated(found)) return refuseUndated(found);
  refuseExpiring(found, vsphere.hostNowMs('appliance'));
  return found;
}

/** A snapshot whose dates read. */
export interface UsableSnapshot extends Snapshot {
  readonly createdAt: string;
}

const isDated = (snapshot: Snapshot): snapshot is UsableSnapshot =>
  snapshot.createdAt !== undefined && snapshot.unreadDate === undefined;

/** Why a snapshot can be neither cloned from nor reverted to: how long it stays, or how old it is, is not known. */
export const whyUnusable = ({ unreadDate }: Snapshot): string | undefined =>
  unreadDate === undefined ? undefined : `the service gives no ${unreadDate} that can be read`;

/** One whose date does not read comes last. */
export const newestFirst = (snapshots: readonly Snapshot[]): readonly Snapshot[] =>
  snapshots.toSorted((a, b) => (Date.parse(b.createdAt ?? '') || 0) - (Date.parse(a.createdAt ?? '') || 0));

/** The one that `latest` means. */
export const latestIn = (newestFirst: readonly Snapshot[]): Snapshot | undefined =>
  newestFirst.find((each) => isDated(each) && FOR_LATEST.includes(each.snapshotType));

/** The newest one. Another that is called `latest` makes it unclear which one is meant. */
function latestOf(all: readonly Snapshot[], vmName: string): Snapshot {
  const newest = latestIn(all);
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
    where: `${each.snapshotType ?? 'unknown type'} of ${each.createdAt ?? 'an unknown date'}`,
  }));
  const byId = withId.filter(({ id }) => id === snapshot);
  const byName = withId.filter(({ name }) => name === snapshot);
  if (byId.length + byName.length === 0) {
    failWith(
      'ObjectNotFound',
      `vm "${vmName}" has ${all.length} snapshots, none called "${snapshot}": choose one that snapflow snapshots --vm ${shellWord(vmId)} lists.`,
      { field: 'snapshot', value: snapshot },
    );
  }
  return onlyOne('snapshot', snapshot, { byId, byName });
}

function refuseUndated(snapshot: Snapshot): never {
  const { name, snapshotId } = snapshot;
  failWith(
    'SnapshotUnsuitable',
    `snapshot "${name}" (${snapshotId}) cannot be used: ${whyUnusable(snapshot)}; choose another one.`,
    { field: 'snapshot', value: name, snapshotId },
  );
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
