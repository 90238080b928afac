import type { Operation } from '../http/operation';
import type { World } from '../world/world';
import { groupOperations } from './group-operations';
import { groupSnapshotOperations } from './group-snapshot-operations';
import { protectedVmOperations } from './protected-vm-operations';
import { hasSessions } from './has-sessions';
import { aboutOperation, sessionOperations } from './session-operations';
import { snapshotOperations } from './snapshot-operations';
import { startOperations } from './start-operations';
import { taskOperations } from './task-operations';

/** What the snapshot appliance serves below `/api/snapservice`. */
export function applianceOperations(world: World): Operation[] {
  return [
    aboutOperation(world),
    ...(hasSessions(world) ? sessionOperations(world) : []),
    ...protectedVmOperations(world),
    ...snapshotOperations(world),
    ...startOperations(world),
    ...taskOperations(world),
    ...groupOperations(world),
    ...groupSnapshotOperations(world),
  ];
}
