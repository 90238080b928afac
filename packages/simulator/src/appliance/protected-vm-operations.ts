import type { Operation } from '../http/operation';
import { matches, queryValues, requireKnownParameters } from '../http/query-filter';
import type { Vm } from '../world/inventory';
import { findCluster, isInCluster, isKnownTo, snapshotsOf } from '../world/look-up';
import { knowsRelease } from '../world/releases';
import type { World } from '../world/world';
import { authorize } from './authorize';
import { snapshotTimes } from './snapshot-times';

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
