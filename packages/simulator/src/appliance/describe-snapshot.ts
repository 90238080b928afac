import type { Snapshot } from '../world/inventory';

/** A snapshot as the service tells it; `expires_at` and `pg` are absent when it has none. */
export function describeSnapshot(snapshot: Snapshot) {
  const { id, name, type, vm, createdAt, expiresAt, protectionGroup, contentGeneration } = snapshot;
  const disk = { disk_key: 2000, sequence_uuid: id, epoch: contentGeneration, uri: `vsan://${id}/2000` };
  return {
    name,
    snapshot_type: type,
    created_at: new Date(createdAt).toISOString(),
    ...(expiresAt === undefined ? {} : { expires_at: new Date(expiresAt).toISOString() }),
    vm,
    ...(protectionGroup === undefined ? {} : { pg: protectionGroup }),
    disk_snapshots: [disk],
  };
}
