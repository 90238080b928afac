import { z } from 'zod';
import { omitUndefined } from '../contract/omit-undefined';
import { dateTime, id, list, optional, text } from './replies';

const SNAPSHOT_TYPES = ['SCHEDULED', 'ONE_TIME', 'SYSTEM_CREATED', 'STAGED'] as const;
export type SnapshotType = (typeof SNAPSHOT_TYPES)[number];

/** A snapshot of one VM (Clusters.VirtualMachines.Snapshots.Info). */
export interface Snapshot {
  readonly snapshotId: string;
  readonly name: string;
  readonly snapshotType: SnapshotType;
  readonly vmId: string;
  /** RFC 3339, on the appliance's clock. */
  readonly createdAt: string;
  /** Absent when it never expires. */
  readonly expiresAt?: string;
  readonly protectionGroupId?: string;
}

/** Info without the snapshot's id, which the server gives beside it. */
export const snapshotInfo = z
  .object({
    name: text,
    snapshot_type: z.enum(SNAPSHOT_TYPES),
    created_at: dateTime,
    expires_at: optional(dateTime),
    vm: id,
    pg: optional(id),
  })
  .transform((info): Omit<Snapshot, 'snapshotId'> =>
    omitUndefined({
      name: info.name,
      snapshotType: info.snapshot_type,
      vmId: info.vm,
      createdAt: info.created_at,
      expiresAt: info.expires_at,
      protectionGroupId: info.pg,
    }),
  );

export const snapshotList = z
  .object({ items: list(z.object({ snapshot: id, info: snapshotInfo })) })
  .transform(({ items }): Snapshot[] =>
    items.map(({ snapshot, info }) => ({ snapshotId: snapshot, ...info })),
  );
