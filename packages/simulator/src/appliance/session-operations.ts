import { describeSession, logIn, logOut, requireSession } from '../http/authenticate';
import type { Operation } from '../http/operation';
import type { World } from '../world/world';

const SESSIONS = '/api/snapservice/sessions';

/** The version, which needs no authentication. */
export function aboutOperation({ release }: World): Operation {
  return {
    name: 'about',
    method: 'GET',
    path: '/api/snapservice/info/about',
    answer: () => ({ status: 200, body: { version: release } }),
  };
}

/** Login, who am I, logout. */
export function sessionOperations(world: World): Operation[] {
  const sessions = world.applianceSessions;
  return [
    {
      name: 'appliance.login',
      method: 'POST',
      path: SESSIONS,
      answer: (call) => logIn(world, sessions, call),
    },
    {
      name: 'appliance.session',
      method: 'GET',
      path: SESSIONS,
      answer: (call) => describeSession(requireSession(sessions, call), world.settings.clockSkewMs),
    },
    { name: 'appliance.logout', method: 'DELETE', path: SESSIONS, answer: (call) => logOut(sessions, call) },
  ];
}
