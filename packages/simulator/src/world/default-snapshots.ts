import type { Ids } from './ids';
import type { InventoryFile } from './inventory-schema';

type Snapshots = Required<Pick<InventoryFile, 'snapshots' | 'groupSnapshots'>>;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Outlived by any operation whose snapshot must last an hour, so that a precheck has something to refuse. */
const NEAR_EXPIRY = 20 * MINUTE;
const NEAR_EXPIRY_VM = 'vm-1002';

/** Oldest first. The newest one is the system's, so that "latest" is not simply the last. */
const SERIES = [
  { name: 'nightly-0410', type: 'SCHEDULED', ageMs: 3 * DAY, expiresInMs: 4 * DAY, generation: 3 },
  { name: 'nightly-0411', type: 'SCHEDULED', ageMs: 2 * DAY, expiresInMs: 5 * DAY, generation: 5 },
  { name: 'before-upgrade', type: 'ONE_TIME', ageMs: 30 * HOUR, expiresInMs: undefined, generation: 6 },
  { name: 'nightly-0412', type: 'SCHEDULED', ageMs: 6 * HOUR, expiresInMs: 6 * DAY, generation: 8 },
  {
    name: 'system-before-revert',
    type: 'SYSTEM_CREATED',
    ageMs: 2 * HOUR,
    expiresInMs: 2 * DAY,
    generation: 9,
  },
] as const;

type Kind = (typeof SERIES)[number];

function expiry(kind: Kind, vm: string): { expiresAt?: number } {
  if (kind.expiresInMs === undefined) return {};
  const isNear = vm === NEAR_EXPIRY_VM && kind.name === 'nightly-0410';
  return { expiresAt: isNear ? NEAR_EXPIRY : kind.expiresInMs };
}

function groupOf(cluster: string): string {
  return cluster === 'domain-c8' ? 'pg-1' : 'pg-2';
}

function groupSnapshotId(cluster: string, kind: Kind): string {
  return `${groupOf(cluster)}:${kind.name}`;
}

function membership(cluster: string, kind: Kind) {
  if (kind.type !== 'SCHEDULED') return {};
  return { protectionGroup: groupOf(cluster), groupSnapshot: groupSnapshotId(cluster, kind) };
}

function groupSnapshots(): Snapshots['groupSnapshots'] {
  const clusters = ['domain-c8', 'domain-c58'];
  return SERIES.filter((kind) => kind.type === 'SCHEDULED').flatMap((kind) =>
    clusters.map((cluster) => ({
      id: groupSnapshotId(cluster, kind),
      protectionGroup: groupOf(cluster),
      name: kind.name,
      type: kind.type,
      startedAt: -kind.ageMs,
      endedAt: -kind.ageMs + MINUTE,
      ...expiry(kind, ''),
    })),
  );
}

/** Five snapshots for each VM, three of them scheduled ones of its protection group. */
export function defaultSnapshots(vms: InventoryFile['vms'], ids: Ids): Snapshots {
  const snapshots = vms.flatMap(({ id: vm, cluster }) =>
    SERIES.map((kind) => ({
      id: ids.uuid(),
      vm,
      cluster,
      name: kind.name,
      type: kind.type,
      createdAt: -kind.ageMs,
      contentGeneration: kind.generation,
      ...expiry(kind, vm),
      ...membership(cluster, kind),
    })),
  );
  return { snapshots, groupSnapshots: groupSnapshots() };
}
