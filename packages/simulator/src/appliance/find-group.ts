import type { Call } from '../http/operation';
import { VapiError } from '../http/vapi-error';
import type { GroupSnapshot, ProtectionGroup } from '../world/inventory';
import { findCluster } from '../world/look-up';
import type { World } from '../world/world';

/** The protection group of the call's path, or NOT_FOUND. */
export function findGroup(world: World, call: Call): ProtectionGroup {
  const cluster = findCluster(world, call.params['cluster'] ?? '');
  const id = call.params['pg'] ?? '';
  const group = world.inventory.protectionGroups.get(id);
  if (group?.cluster === cluster.id) return group;
  throw new VapiError('NOT_FOUND', `The protection group ${id} was not found.`, [id]);
}

/** Snapshots of the group that have not expired, by the appliance's clock. */
export function groupSnapshotsOf(world: World, group: ProtectionGroup): GroupSnapshot[] {
  const nowMs = world.applianceNowMs();
  return [...world.inventory.groupSnapshots.values()].filter(
    ({ protectionGroup, expiresAt }) =>
      protectionGroup === group.id && (expiresAt === undefined || expiresAt > nowMs),
  );
}
