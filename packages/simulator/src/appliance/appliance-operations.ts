/*
 * The snapshot appliance.
 *
 * appliance-operations.ts     all of its operations
 * authorize.ts                sessions and privileges of a caller
 * protected-vm-operations.ts  machines with snapshots, and these
 * start-operations.ts         clone, revert, restore
 * task-operations.ts          task list and task info
 * group-operations.ts         protection groups and their snapshots
 */
import { describeSession, logIn, logOut, requireSession } from '../http/authenticate';
import type { Operation } from '../http/operation';
import type { World } from '../world/world';
import { groupOperations, groupSnapshotOperations } from './group-operations';
import { hasSessions } from './authorize';
import { protectedVmOperations, snapshotOperations } from './protected-vm-operations';
import { startOperations } from './start-operations';
import { taskOperations } from './task-operations';

const SESSIONS = '/api/snapservice/sessions';

/** The version, which needs no authentication. */
function aboutOperation({ release, settings }: World): Operation {
  return {
    name: 'about',
    method: 'GET',
    path: '/api/snapservice/info/about',
    answer: () => ({ status: 200, body: { version: settings.aboutVersion || release } }),
  };
}

/** Login, who am I, logout. */
function sessionOperations(world: World): Operation[] {
  const { applianceSessions: sessions, settings } = world;
  return [
    {
      name: 'appliance.login',
      method: 'POST',
      path: SESSIONS,
      answer: (call) => logIn(world, sessions, call, world.applianceNowMs()),
    },
    {
      name: 'appliance.session',
      method: 'GET',
      path: SESSIONS,
      answer: (call) => describeSession(requireSession(sessions, settings, call), settings.clockSkewMs),
    },
    {
      name: 'appliance.logout',
      method: 'DELETE',
      path: SESSIONS,
      answer: (call) => logOut(sessions, settings, call),
    },
  ];
}

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
