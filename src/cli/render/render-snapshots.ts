import type { SnapshotsResult } from '../../client';
import { formatSpan } from './format-span';
import { table } from './table';

/** Snapshots as a table, newest first, with age and time left. */
export const renderSnapshots = ({ snapshots }: SnapshotsResult, now: Date): string =>
  table(
    ['SNAPSHOT', 'NAME', 'TYPE', 'CREATED', 'AGE', 'EXPIRES'],
    snapshots.map(({ snapshotId, name, type, createdAt, expiresAt }) => [
      snapshotId,
      name,
      type,
      createdAt,
      formatSpan(now.getTime() - Date.parse(createdAt)),
      expiresAt === undefined ? 'never' : expiry(Date.parse(expiresAt) - now.getTime()),
    ]),
  );

const expiry = (leftMs: number): string => (leftMs <= 0 ? 'expired' : `in ${formatSpan(leftMs)}`);
