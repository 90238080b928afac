import type { Snapshot, Vm } from './inventory';
import type { Cause } from './ledger';
import type { World } from './world';

export interface SnapshotRequest extends Pick<Snapshot, 'name' | 'type'> {
  readonly task: string;
  readonly expiresAt?: number | undefined;
  readonly protectionGroup?: string;
  readonly groupSnapshot?: string;
}

/** Takes a snapshot of the VM's content as it is now, and writes it into the ledger. */
export function takeSnapshot(world: World, vm: Vm, request: SnapshotRequest, cause: Cause): Snapshot {
  const { task, expiresAt, ...rest } = request;
  const snapshot: Snapshot = {
    ...rest,
    id: world.ids.uuid(),
    vm: vm.id,
    cluster: vm.cluster,
    createdAt: world.applianceNowMs(),
    expiresAt,
    contentGeneration: vm.contentGeneration,
  };
  world.inventory.snapshots.set(snapshot.id, snapshot);
  world.ledger.write(
    { kind: 'snapshot', vm: vm.id, name: snapshot.name, task, snapshot: snapshot.id },
    cause,
  );
  return snapshot;
}
