import type { Call, Operation } from '../http/operation';
import { matches, queryValues, requireKnownParameters } from '../http/query-filter';
import { VapiError } from '../http/vapi-error';
import type { Snapshot } from '../world/inventory';
import { findCluster, findProtectedVm, snapshotsOf } from '../world/look-up';
import type { World } from '../world/world';
import { authorize } from './authorize';

/** A snapshot as the service tells it; `expires_at` and `pg` are absent when it has none. */
function describeSnapshot(snapshot: Snapshot) {
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

const SNAPSHOTS = '/api/snapservice/clusters/:cluster/virtual-machines/:vm/snapshots';

function snapshotsOfCall(world: World, call: Call): Snapshot[] {
  authorize(world, call, ['System.Read']);
  const cluster = findCluster(world, call.params['cluster'] ?? '');
  const vm = findProtectedVm(world, cluster.id, call.params['vm'] ?? '');
  return snapshotsOf(world, cluster.id, vm.id);
}

/** The snapshots of one VM. */
export function snapshotOperations(world: World): Operation[] {
  return [
    {
      name: 'snapshots.list',
      method: 'GET',
      path: SNAPSHOTS,
      answer: (call) => {
        const all = snapshotsOfCall(world, call);
        requireKnownParameters(call.query, ['snapshots', 'names']);
        const ids = queryValues(call.query, 'snapshots');
        const names = queryValues(call.query, 'names');
        const items = all
          .filter((snapshot) => matches(ids, snapshot.id) && matches(names, snapshot.name))
          .map((snapshot) => ({ snapshot: snapshot.id, info: describeSnapshot(snapshot) }));
        return { status: 200, body: { items } };
      },
    },
    {
      name: 'snapshots.get',
      method: 'GET',
      path: `${SNAPSHOTS}/:snapshot`,
      answer: (call) => {
        const id = call.params['snapshot'] ?? '';
        const snapshot = snapshotsOfCall(world, call).find((candidate) => candidate.id === id);
        if (!snapshot) throw new VapiError('NOT_FOUND', `The snapshot ${id} was not found.`, [id]);
        return { status: 200, body: describeSnapshot(snapshot) };
      },
    },
  ];
}
