import { VapiError } from '../http/vapi-error';
import type { Snapshot } from './inventory';
import { snapshotsOf } from './look-up';
import type { World } from './world';

/** The snapshot of this VM, or INVALID_ARGUMENT: that is how the official description answers an unknown one. */
export function requireSnapshot(world: World, cluster: string, vm: string, id: string): Snapshot {
  const snapshot = snapshotsOf(world, cluster, vm).find((candidate) => candidate.id === id);
  if (snapshot) return snapshot;
  throw new VapiError('INVALID_ARGUMENT', `The snapshot ${id} is not a snapshot of ${vm}.`, [id, vm]);
}
