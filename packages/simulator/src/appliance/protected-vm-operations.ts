import { VapiError } from '../http/errors';
import type { Operation, Call } from '../http/operation';
import { matches, queryValues, requireKnownParameters } from '../http/read-request';
import type { Vm, Snapshot } from '../world/inventory';
import { findCluster, isInCluster, isKnownTo, snapshotsOf, findProtectedVm } from '../world/look-up';
import { knowsRelease } from '../world/releases';
import type { World } from '../world/world';
import { authorize } from './authorize';

/** A POSIX shell pattern (`*`, `?`, `[a-z]`, `[!a-z]`) as a regular expression over whole names. */
function globToRegExp(pattern: string): RegExp {
  const source = pattern.replace(/\[(!?)([^\]]+)\]|[*?]|[.+^${}()|\\[\]]/g, (token, negated, members) => {
    if (token === '*') return '.*';
    if (token === '?') return '.';
    if (members === undefined) return `\\${token}`;
    return `[${negated === '!' ? '^' : ''}${String(members).replaceAll('\\', '\\\\').replaceAll('^', '\\^')}]`;
  });
  return new RegExp(`^${source}$`, 's');
}

function describe(world: World, cluster: string, vm: Vm) {
  const created = snapshotsOf(world, cluster, vm.id).map((snapshot) => snapshot.createdAt);
  const groups = [...world.inventory.protectionGroups.values()].filter((group) => group.vms.includes(vm.id));
  const hasBiosUuid = knowsRelease(world.release, '9.1.0.0');
  return {
    name: vm.name,
    ...(vm.biosUuid === undefined || !hasBiosUuid ? {} : { bios_uuid: vm.biosUuid }),
    local_protection_enabled: groups.some((group) => group.status === 'ACTIVE'),
    protection_groups: groups.map((group) => group.id),
    ...snapshotTimes(created),
    snapshot_count: created.length,
    in_cluster: isInCluster(world, cluster, vm),
  };
}

/** The VMs of a cluster, and those that left it but not their snapshots. */
export function protectedVmOperations(world: World): Operation[] {
  return [
    {
      name: 'protectedVms.list',
      method: 'GET',
      path: '/api/snapservice/clusters/:cluster/virtual-machines',
      answer: (call) => {
        authorize(world, call, ['System.Read']);
        requireKnownParameters(call.query, ['vms', 'name_patterns']);
        const cluster = findCluster(world, call.params['cluster'] ?? '').id;
        const wanted = queryValues(call.query, 'vms');
        const patterns = call.query.getAll('name_patterns').map(globToRegExp);
        const items = [...world.inventory.vms.values()]
          .filter((vm) => isKnownTo(world, cluster, vm) && matches(wanted, vm.id))
          .filter((vm) => patterns.length === 0 || patterns.some((pattern) => pattern.test(vm.name)))
          .map((vm) => ({ vm: vm.id, info: describe(world, cluster, vm) }));
        return { status: 200, body: { items } };
      },
    },
  ];
}

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

/** When the newest and the oldest of these moments were; neither is there when there is none. */
export function snapshotTimes(moments: readonly number[]): {
  last_snapshot_time?: string;
  oldest_snapshot_time?: string;
} {
  if (moments.length === 0) return {};
  const iso = (moment: number): string => new Date(moment).toISOString();
  return {
    last_snapshot_time: iso(Math.max(...moments)),
    oldest_snapshot_time: iso(Math.min(...moments)),
  };
}
