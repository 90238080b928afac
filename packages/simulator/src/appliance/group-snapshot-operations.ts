import { z } from 'zod';
import type { Call, Operation, Reply } from '../http/operation';
import { matches, queryValues, requireKnownParameters } from '../http/query-filter';
import { readBody } from '../http/read-body';
import type { GroupSnapshot } from '../world/inventory';
import { requireValidName } from '../world/require-free-name';
import { requirePrivileges } from '../world/require-privilege';
import { startGroupSnapshot } from '../world/start-group-snapshot';
import type { World } from '../world/world';
import { authorize, identify } from './authorize';
import { findGroup, groupSnapshotsOf } from './find-group';

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

function describe(world: World, group: GroupSnapshot) {
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
    .map((snapshot) => ({ snapshot: snapshot.id, info: describe(world, snapshot) }));
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
