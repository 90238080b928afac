import { z } from 'zod';
import { VapiError } from '../http/errors';
import type { Operation, Call, Reply } from '../http/operation';
import { matches, queryValues, requireKnownParameters, readBody } from '../http/read-request';
import type { ProtectionGroup, GroupSnapshot } from '../world/inventory';
import { findCluster, requireValidName, requirePrivileges } from '../world/look-up';
import { startGroupSnapshot } from '../world/starts';
import type { World } from '../world/world';
import { authorize, identify } from './authorize';
import { snapshotTimes } from './protected-vm-operations';

const GROUPS = '/api/snapservice/clusters/:cluster/protection-groups';
const FILTERS = ['pgs', 'names', 'states', 'vms', 'cluster_pairs'] as const;

const NIGHTLY = {
  name: 'nightly',
  schedule: { unit: 'DAY', interval: 1 },
  retention: { unit: 'DAY', duration: 7 },
};

function describeGroup(world: World, group: ProtectionGroup) {
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
          .map((group) => ({ pg: group.id, info: describeGroup(world, group) }));
        return { status: 200, body: { items } };
      },
    },
    {
      name: 'protectionGroups.get',
      method: 'GET',
      path: `${GROUPS}/:pg`,
      answer: (call) => {
        authorize(world, call, ['System.Read']);
        return { status: 200, body: describeGroup(world, findGroup(world, call)) };
      },
    },
  ];
}

const SNAPSHOTS = '/api/snapservice/clusters/:cluster/protection-groups/:pg/snapshots';

const HOUR_MS = 3_600_000;
/** Months and years by their longest length: a snapshot is never dropped early. */
const UNIT_MS = {
  MINUTE: 60_000,
  HOUR: HOUR_MS,
  DAY: 24 * HOUR_MS,
  WEEK: 7 * 24 * HOUR_MS,
  MONTH: 31 * 24 * HOUR_MS,
  YEAR: 366 * 24 * HOUR_MS,
} as const;
/** A century; keeps every expiry a date. */
const MAX_RETENTION_MS = 100 * UNIT_MS.YEAR;

const createSpec = z.strictObject({
  name: z.string(),
  retention: z
    .strictObject({
      unit: z.enum(['MINUTE', 'HOUR', 'DAY', 'WEEK', 'MONTH', 'YEAR']),
      duration: z.number().int().min(1),
    })
    .nullish(),
});

function iso(moment: number): string {
  return new Date(moment).toISOString();
}

function expiry(expiresAt: number | undefined): { expires_at?: string } {
  return expiresAt === undefined ? {} : { expires_at: iso(expiresAt) };
}

function describeSnapshot(world: World, group: GroupSnapshot) {
  const members = [...world.inventory.snapshots.values()].filter(
    ({ groupSnapshot }) => groupSnapshot === group.id,
  );
  return {
    name: group.name,
    snapshot_type: group.type,
    start_time: iso(group.startedAt),
    end_time: iso(group.endedAt),
    ...expiry(group.expiresAt),
    pg: group.protectionGroup,
    vm_snapshots: members.map(({ id, name, vm, createdAt, expiresAt }) => ({
      snapshot: id,
      name,
      created_at: iso(createdAt),
      ...expiry(expiresAt),
      vm,
    })),
  };
}

function list(world: World, call: Call): Reply {
  authorize(world, call, ['System.Read']);
  requireKnownParameters(call.query, ['snapshots', 'names']);
  const group = findGroup(world, call);
  const ids = queryValues(call.query, 'snapshots');
  const names = queryValues(call.query, 'names');
  const snapshots = groupSnapshotsOf(world, group)
    .filter(({ id, name }) => matches(ids, id) && matches(names, name))
    .map((snapshot) => ({ snapshot: snapshot.id, info: describeSnapshot(world, snapshot) }));
  return { status: 200, body: { snapshots } };
}

function create(world: World, call: Call): Reply {
  const cause = identify(world, call);
  const { name, retention } = readBody(createSpec, call.body);
  const group = findGroup(world, call);
  requirePrivileges(world, cause.user, ['Host.Config.Storage']);
  requireValidName(name);
  const retentionMs = retention
    ? Math.min(MAX_RETENTION_MS, retention.duration * UNIT_MS[retention.unit])
    : undefined;
  return { status: 202, body: startGroupSnapshot(world, { group, name, retentionMs }, cause) };
}

/** Listing and taking snapshots of a protection group. */
export function groupSnapshotOperations(world: World): Operation[] {
  return [
    {
      name: 'protectionGroups.snapshots',
      method: 'GET',
      path: SNAPSHOTS,
      answer: (call) => list(world, call),
    },
    {
      name: 'protectionGroups.snapshot',
      method: 'POST',
      path: SNAPSHOTS,
      query: { 'vmw-task': 'true' },
      answer: (call) => create(world, call),
    },
  ];
}

/** The protection group of the call's path, or NOT_FOUND. */
function findGroup(world: World, call: Call): ProtectionGroup {
  const cluster = findCluster(world, call.params['cluster'] ?? '');
  const id = call.params['pg'] ?? '';
  const group = world.inventory.protectionGroups.get(id);
  if (group?.cluster === cluster.id) return group;
  throw new VapiError('NOT_FOUND', `The protection group ${id} was not found.`, [id]);
}

/** Snapshots of the group that have not expired, by the appliance's clock. */
function groupSnapshotsOf(world: World, group: ProtectionGroup): GroupSnapshot[] {
  const nowMs = world.applianceNowMs();
  return [...world.inventory.groupSnapshots.values()].filter(
    ({ protectionGroup, expiresAt }) =>
      protectionGroup === group.id && (expiresAt === undefined || expiresAt > nowMs),
  );
}
