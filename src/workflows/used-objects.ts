import type { PreparedLinkedClone, PreparedRevert } from '../contract/activities';
import { omitUndefined } from '../contract/omit-undefined';
import type { UsedObject, UsedSnapshot } from '../contract/operations';

type Prepared = Pick<
  PreparedLinkedClone & PreparedRevert,
  'clusterId' | 'clusterName' | 'snapshotId' | 'snapshotName' | 'snapshotCreatedAt'
>;

/** What the names of a request meant, for its result: `latest` above all. Older runs have not recorded all of it. */
export const usedObjects = ({
  clusterId,
  clusterName,
  snapshotId,
  snapshotName,
  snapshotCreatedAt,
}: Prepared): { readonly snapshot: UsedSnapshot; readonly cluster: UsedObject } => ({
  snapshot: { id: snapshotId, name: snapshotName, ...omitUndefined({ createdAt: snapshotCreatedAt }) },
  cluster: { id: clusterId, ...omitUndefined({ name: clusterName }) },
});
