import { signedUser } from '../sts/sts-operations';
import type { Cause } from '../world/ledger';
import type { Session, Sessions } from '../world/sessions';
import type { Settings } from '../world/settings';
import type { World } from '../world/world';
import { ForeignReply, type Call, type Reply } from './operation';
import { SESSION_HEADER, sessionSecret } from './read-request';
import { VapiError } from './errors';

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

const PAGE = '<html><head><title>403 Forbidden</title></head><body>403 Forbidden</body></html>';

/** How the API of before 7.0 U2 refuses. */
export const LEGACY_REFUSAL: Reply = {
  status: 500,
  body: { type: 'com.vmware.vapi.std.errors.unauthenticated', value: { messages: [] } },
};

/** What some front ends say of a session that has ended, in words that are none of the API. */
const FOREIGN_REFUSALS: Readonly<Record<'page' | 'legacy', Reply>> = {
  page: { status: 403, text: PAGE, headers: { 'content-type': 'text/html' } },
  legacy: LEGACY_REFUSAL,
};

/** How the end of a session is told, as `endedSessions` says; `own` is the API's way. */
export function sessionEnded({ endedSessions }: Settings, own: Error): Error {
  return endedSessions === 'refused' ? own : new ForeignReply(FOREIGN_REFUSALS[endedSessions]);
}

/** The caller's session, or a refusal. */
export function requireSession(sessions: Sessions, settings: Settings, call: Call): Session {
  const secret = sessionSecret(call);
  const session = sessions.use(secret);
  if (session) return session;
  throw secret === undefined ? unauthenticated() : sessionEnded(settings, unauthenticated());
}

/** Whom the effects of this call are written to. */
export function causeOf(session: Pick<Session, 'user'>, call: Call): Cause {
  return { user: session.user, call: call.id, requestId: call.requestId };
}

/** Login with Basic credentials or a signed assertion: 201 and the session's secret. A refusal gives no reason. */
export function logIn(world: World, sessions: Sessions, call: Call, nowMs: number): Reply {
  const { authorization } = call.headers;
  const credentials = basicCredentials(authorization);
  const user = credentials
    ? world.users.authenticate(credentials.user, credentials.password)?.name
    : signedUser(world, authorization, nowMs);
  if (user === undefined) throw unauthenticated();
  const secret = sessions.open(user);
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

export function logOut(sessions: Sessions, settings: Settings, call: Call): Reply {
  requireSession(sessions, settings, call);
  sessions.close(sessionSecret(call) ?? '');
  return { status: 204 };
}
