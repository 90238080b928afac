import { z } from 'zod';
import { id, list, text } from './reply-fields';

/** A VM as the snapshot appliance knows it; deleted ones with snapshots are listed with `inCluster` false. */
export interface ProtectedVm {
  readonly vmId: string;
  readonly name: string;
  readonly inCluster: boolean;
  readonly snapshotCount: number;
  readonly localProtectionEnabled: boolean;
  readonly protectionGroupIds: readonly string[];
}

/** A machine is in a handful. */
const MAX_PROTECTION_GROUPS = 100;

const info = z.object({
  name: text,
  in_cluster: z.boolean(),
  snapshot_count: z.int(),
  local_protection_enabled: z.boolean(),
  protection_groups: list(id, MAX_PROTECTION_GROUPS),
});

export const protectedVmList = z
  .object({ items: list(z.object({ vm: id, info })) })
  .transform(({ items }): ProtectedVm[] =>
    items.map(({ vm, info }) => ({
      vmId: vm,
      name: info.name,
      inCluster: info.in_cluster,
      snapshotCount: info.snapshot_count,
      localProtectionEnabled: info.local_protection_enabled,
      protectionGroupIds: info.protection_groups,
    })),
  );
