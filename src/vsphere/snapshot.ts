export const SNAPSHOT_TYPES = ['SCHEDULED', 'ONE_TIME', 'SYSTEM_CREATED', 'STAGED'] as const;
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
