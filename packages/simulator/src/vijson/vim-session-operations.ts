import { z } from 'zod';
import type { Call, Operation, Reply } from '../http/operation';
import { SESSION_HEADER, sessionSecret } from '../http/read-request';
import { VimFault } from '../http/errors';
import type { Session } from '../world/sessions';
import type { World } from '../world/world';
import { SESSION_MANAGER } from './managed-object';
import { readVimBody, requestOf, requirePath, requireVimSession, vimSession } from './vim-request';

const MANAGER = '/sdk/vim25/:release/SessionManager/:moId';

const loginSpec = z.object({
  _typeName: requestOf('Login'),
  userName: z.string(),
  password: z.string(),
});

function describe(session: Session, call: Call) {
  const iso = (moment: number) => new Date(moment).toISOString();
  return {
    _typeName: 'UserSession',
    key: session.key,
    userName: session.user,
    fullName: session.user,
    loginTime: iso(session.createdMs),
    lastActiveTime: iso(session.lastAccessedMs),
    locale: 'en',
    messageLocale: 'en',
    extensionSession: false,
    ipAddress: '127.0.0.1',
    userAgent: call.headers['user-agent'] ?? '',
    callCount: session.callCount,
  };
}

function logIn(world: World, call: Call): Reply {
  const { userName, password } = readVimBody(loginSpec, call.body);
  const user = world.users.authenticate(userName, password);
  if (!user) throw new VimFault('InvalidLogin');
  const secret = world.vcenterSessions.open(user.name, true);
  const session = world.vcenterSessions.use(secret);
  if (!session) throw new VimFault('NotAuthenticated');
  return { status: 200, body: describe(session, call), headers: { [SESSION_HEADER]: secret } };
}

function currentSession(world: World, call: Call): Reply {
  const session = vimSession(world, call);
  return session ? { status: 200, body: describe(session, call) } : { status: 204 };
}

function logOut(world: World, call: Call): Reply {
  requireVimSession(world, call, 'SessionManager', SESSION_MANAGER);
  world.vcenterSessions.close(sessionSecret(call) ?? '');
  return { status: 204 };
}

/** Login, current session and logout; the sessions are the same ones as those of `/api/session`. */
export function vimSessionOperations(world: World): Operation[] {
  const checked = (act: (world: World, call: Call) => Reply) => (call: Call) => {
    requirePath(world, call, 'SessionManager', SESSION_MANAGER);
    return act(world, call);
  };
  const vim = { errors: 'vim' } as const;
  return [
    { ...vim, name: 'vijson.login', method: 'POST', path: `${MANAGER}/Login`, answer: checked(logIn) },
    {
      ...vim,
      name: 'vijson.session',
      method: 'GET',
      path: `${MANAGER}/currentSession`,
      answer: checked(currentSession),
    },
    { ...vim, name: 'vijson.logout', method: 'POST', path: `${MANAGER}/Logout`, answer: checked(logOut) },
  ];
}
