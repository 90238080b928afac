import type { Cause } from '../world/ledger';
import type { Session, Sessions } from '../world/sessions';
import type { World } from '../world/world';
import type { Call, Reply } from './operation';
import { SESSION_HEADER, sessionSecret } from './session-header';
import { VapiError } from './vapi-error';

/** User and password of an `Authorization: Basic` header; undefined when it is absent or malformed. */
function basicCredentials(header: string | undefined): { user: string; password: string } | undefined {
  const [scheme, encoded] = header?.split(' ') ?? [];
  if (scheme?.toLowerCase() !== 'basic' || !encoded) return undefined;
  const decoded = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  return colon < 0 ? undefined : { user: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
}

export function unauthenticated(): VapiError {
  return new VapiError('UNAUTHENTICATED', 'Unable to authenticate the user.');
}

/** The caller's session, or UNAUTHENTICATED. */
export function requireSession(sessions: Sessions, call: Call): Session {
  const session = sessions.use(sessionSecret(call));
  if (!session) throw unauthenticated();
  return session;
}

/** Whom the effects of this call are written to. */
export function causeOf(session: Pick<Session, 'user'>, call: Call): Cause {
  return { user: session.user, call: call.id, requestId: call.requestId };
}

/** Login with Basic credentials: 201 and the session's secret. A refusal gives no reason. */
export function logIn(world: World, sessions: Sessions, call: Call): Reply {
  const credentials = basicCredentials(call.headers.authorization);
  const user = credentials && world.users.authenticate(credentials.user, credentials.password);
  if (!user) throw unauthenticated();
  const secret = sessions.open(user.name);
  return { status: 201, body: secret, headers: { [SESSION_HEADER]: secret } };
}

/** Who the session belongs to; times are of the clock of the host that answers. */
export function describeSession(session: Session, skewMs: number): Reply {
  const iso = (moment: number) => new Date(moment + skewMs).toISOString();
  const { user, createdMs, lastAccessedMs } = session;
  return {
    status: 200,
    body: { user, created_time: iso(createdMs), last_accessed_time: iso(lastAccessedMs) },
  };
}

export function logOut(sessions: Sessions, call: Call): Reply {
  requireSession(sessions, call);
  sessions.close(sessionSecret(call) ?? '');
  return { status: 204 };
}
