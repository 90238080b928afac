import { z } from 'zod';
import { omitUndefined } from '../contract/omit-undefined';
import { anything, dateTime, id, ifReadable, items, text } from './replies';

/** A snapshot of one VM (Clusters.VirtualMachines.Snapshots.Info), as far as it is used and reads. */
export interface Snapshot {
  readonly snapshotId: string;
  /** Its id, where the name does not read. */
  readonly name: string;
  /** As the service spells it: SCHEDULED, ONE_TIME, SYSTEM_CREATED, (9.1) STAGED, or what later releases add. */
  readonly snapshotType?: string;
  readonly vmId?: string;
  /** RFC 3339, on the appliance's clock. */
  readonly createdAt?: string;
  /** Absent when it never expires. */
  readonly expiresAt?: string;
  /** The date that is no RFC 3339: how old the snapshot is, or how long it stays, is not known. */
  readonly unreadDate?: 'created_at' | 'expires_at';
}

const info = z.object({
  name: ifReadable(text),
  snapshot_type: ifReadable(text),
  created_at: ifReadable(dateTime),
  expires_at: anything,
  vm: ifReadable(id),
});

const NO_INFO: z.infer<typeof info> = {
  name: undefined,
  snapshot_type: undefined,
  created_at: undefined,
  expires_at: undefined,
  vm: undefined,
};

const snapshot = z
  .object({ snapshot: id, info: info.catch(NO_INFO) })
  .transform(({ snapshot: snapshotId, info: { name = snapshotId, ...read } }): Snapshot => {
    const expiresAt = dateTime.safeParse(read.expires_at).data;
    return omitUndefined({
      snapshotId,
      name,
      snapshotType: read.snapshot_type,
      vmId: read.vm,
      createdAt: read.created_at,
      expiresAt,
      unreadDate: unreadDate(read.created_at, read.expires_at ?? undefined, expiresAt),
    });
  });

function unreadDate(
  createdAt: string | undefined,
  expires: unknown,
  expiresAt: string | undefined,
): Snapshot['unreadDate'] {
  if (createdAt === undefined) return 'created_at';
  return expires !== expiresAt ? 'expires_at' : undefined;
}

export const snapshotList = z.object({ items: items(snapshot) }).transform((list) => list.items);
