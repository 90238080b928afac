import { describeSession, logIn, logOut, requireSession } from '../http/authenticate';
import type { Operation } from '../http/operation';
import { stsOperations } from '../sts/sts-operations';
import type { World } from '../world/world';
import { powerOperations } from './power-operations';
import { placeOperations } from './place-operations';
import { vmOperations } from './vm-operations';

const SESSION = '/api/session';

function sessionOperations(world: World): Operation[] {
  const { vcenterSessions: sessions, settings } = world;
  return [
    {
      name: 'vcenter.login',
      method: 'POST',
      path: SESSION,
      answer: (call) => logIn(world, sessions, call),
    },
    {
      name: 'vcenter.session',
      method: 'GET',
      path: SESSION,
      answer: (call) => describeSession(requireSession(sessions, settings, call), 0),
    },
    {
      name: 'vcenter.logout',
      method: 'DELETE',
      path: SESSION,
      answer: (call) => logOut(sessions, settings, call),
    },
  ];
}

/** What vCenter serves below `/api`. */
export function vcenterOperations(world: World): Operation[] {
  return [
    ...sessionOperations(world),
    ...stsOperations(world),
    ...vmOperations(world),
    ...powerOperations(world),
    ...placeOperations(world),
  ];
}
