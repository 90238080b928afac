/** A VM as the snapshot appliance knows it; deleted ones with snapshots are listed with `inCluster` false. */
export interface ProtectedVm {
  readonly vmId: string;
  readonly name: string;
  readonly inCluster: boolean;
  readonly snapshotCount: number;
  readonly localProtectionEnabled: boolean;
  readonly protectionGroupIds: readonly string[];
}
