import type { Operation } from '../http/operation';
import { matches, queryValues, requireKnownParameters } from '../http/query-filter';
import type { ProtectionGroup } from '../world/inventory';
import { findCluster } from '../world/look-up';
import type { World } from '../world/world';
import { authorize } from './authorize';
import { findGroup, groupSnapshotsOf } from './find-group';
import { snapshotTimes } from './snapshot-times';

const GROUPS = '/api/snapservice/clusters/:cluster/protection-groups';
const FILTERS = ['pgs', 'names', 'states', 'vms', 'cluster_pairs'] as const;

const NIGHTLY = {
  name: 'nightly',
  schedule: { unit: 'DAY', interval: 1 },
  retention: { unit: 'DAY', duration: 7 },
};

function describe(world: World, group: ProtectionGroup) {
  const snapshots = groupSnapshotsOf(world, group);
  const started = snapshots.map((snapshot) => snapshot.startedAt);
  return {
    name: group.name,
    status: group.status,
    target_entities: { vm_name_patterns: group.vmNamePatterns, vms: group.vms },
    snapshot_policies: [NIGHTLY],
    ...snapshotTimes(started),
    vms: group.vms,
    snapshots: snapshots.map(({ id }) => id),
    locked: group.locked,
  };
}

/** Reading protection groups. */
export function groupOperations(world: World): Operation[] {
  return [
    {
      name: 'protectionGroups.list',
      method: 'GET',
      path: GROUPS,
      answer: ({ query, ...call }) => {
        authorize(world, { ...call, query }, ['System.Read']);
        requireKnownParameters(query, FILTERS);
        const cluster = findCluster(world, call.params['cluster'] ?? '').id;
        const [ids, names, states, vms, pairs] = FILTERS.map((name) => queryValues(query, name));
        const items = [...world.inventory.protectionGroups.values()]
          .filter(
            (group) => group.cluster === cluster && matches(ids, group.id) && matches(names, group.name),
          )
          .filter((group) => matches(states, group.status) && matches(vms, ...group.vms) && matches(pairs))
          .map((group) => ({ pg: group.id, info: describe(world, group) }));
        return { status: 200, body: { items } };
      },
    },
    {
      name: 'protectionGroups.get',
      method: 'GET',
      path: `${GROUPS}/:pg`,
      answer: (call) => {
        authorize(world, call, ['System.Read']);
        return { status: 200, body: describe(world, findGroup(world, call)) };
      },
    },
  ];
}
