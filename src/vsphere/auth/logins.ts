import { z } from 'zod';
import { omitUndefined } from '../../contract/omit-undefined';
import type { CallFailure } from '../call-failure';
import { readReply, type Credential } from '../calls';
import { VsphereError } from '../errors';
import type { FindViJsonRoot } from '../privileges';
import { sessionId, text, type VsphereCall } from '../replies';
import { targetPaths } from '../request-paths';
import { passwordOf, type Account } from '../settings';
import type { WireReply } from '../wire/exchange';
import type { HostWire, RequestBody, Sending } from '../wire/host-wire';
import { startCallDeadline, withinDeadline, LOGOUT_DEADLINE_MS } from '../wire/limits';

export interface SessionService {
  /** Resolves to the session id. Rejects with a `VsphereError`, kind `login-refused` when the account was refused. */
  login(requestId?: string): Promise<string>;
  logout(credential: Credential): Promise<void>;
  /** Asks the session resource about the session. Never rejects. */
  standing(credential: Credential): Promise<SessionStanding>;
}

/** `untold`: the session resource gave no answer that says either. */
type SessionStanding = 'held' | 'denied' | 'untold';

interface Composed {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: RequestBody;
}

interface SessionlessExchange<T> {
  readonly deadlineMs: number;
  readonly requestId: string | undefined;
  readonly purpose: Sending['purpose'];
  /** Headers and body. May ask for a password. */
  readonly compose: (failure: CallFailure) => Promise<Composed>;
  readonly read: (reply: WireReply, failure: CallFailure) => T;
}

/** One exchange outside of any session: a login, a logout, a look at the release. Never a change: it had no effect. */
export async function sessionlessExchange<T>(
  wire: HostWire,
  call: VsphereCall<unknown>,
  { deadlineMs, requestId, purpose, compose, read }: SessionlessExchange<T>,
): Promise<T> {
  const deadline = startCallDeadline(deadlineMs);
  const failure = wire.failure(call, false);
  try {
    const { headers, body } = await withinDeadline(compose(failure), deadline.signal);
    const [path = ''] = targetPaths(call);
    const { signal } = deadline;
    return read(await wire.send(call, { path, headers, body, requestId, signal, purpose }), failure);
  } catch (thrown) {
    throw failure.from(thrown);
  } finally {
    deadline.end();
  }
}

/** How a front end of an older age says that a session has ended. It comes with any status. */
const LEGACY_UNAUTHENTICATED = 'com.vmware.vapi.std.errors.unauthenticated';

/** Exactly these deny a session: UNAUTHENTICATED in the API's own words or the legacy ones, and a 401 or 403 of any words. */
async function sessionStanding(
  wire: HostWire,
  call: VsphereCall<unknown>,
  { headers }: Credential,
): Promise<SessionStanding> {
  try {
    return await sessionlessExchange(wire, call, {
      deadlineMs: wire.settings.callDeadlineMs,
      requestId: undefined,
      purpose: 'reads',
      compose: async () => ({ headers }),
      read: (reply, failure) => {
        if (reply.text.includes(LEGACY_UNAUTHENTICATED)) return 'denied';
        readReply(call, reply, failure);
        return 'held';
      },
    });
  } catch (error) {
    if (!(error instanceof VsphereError)) return 'untold';
    const { kind, status, errorType } = error;
    const isShut = errorType === undefined && (status === 401 || status === 403);
    return kind === 'unauthenticated' || isShut ? 'denied' : 'untold';
  }
}

const endSession = (wire: HostWire, logout: VsphereCall<void>, { headers }: Credential): Promise<void> =>
  sessionlessExchange(wire, logout, {
    deadlineMs: LOGOUT_DEADLINE_MS,
    requestId: undefined,
    purpose: 'change',
    compose: async () => ({ headers }),
    read: (reply, failure) => readReply(logout, reply, failure),
  });

/** Login by user name and password at a session resource, `/api/session` or `/api/snapservice/sessions`. */
export function sessionService(wire: HostWire, path: readonly string[], account: Account): SessionService {
  const { host, callDeadlineMs } = wire.settings;
  const target = { path, subject: `user ${account.username}` } as const;
  const login: VsphereCall<string> = {
    ...target,
    operation: `${host}.login`,
    method: 'POST',
    reply: sessionId,
    login: true,
  };
  const logout: VsphereCall<void> = {
    ...target,
    operation: `${host}.logout`,
    method: 'DELETE',
    reply: null,
  };
  const current: VsphereCall<unknown> = {
    ...target,
    operation: `${host}.session`,
    method: 'GET',
    reply: z.looseObject({}),
  };
  return {
    standing: (credential) => sessionStanding(wire, current, credential),
    login: (requestId) =>
      sessionlessExchange(wire, login, {
        deadlineMs: callDeadlineMs,
        requestId,
        purpose: 'change',
        compose: async (failure) => ({ headers: await basic(account, failure) }),
        read: (reply, failure) => readReply(login, reply, failure),
      }),
    logout: (credential) => endSession(wire, logout, credential),
  };
}

async function basic(account: Account, failure: CallFailure): Promise<Record<string, string>> {
  const secret = await passwordOf(account, failure);
  const encoded = Buffer.from(`${account.username}:${secret}`, 'utf8').toString('base64');
  failure.hidePassword(encoded);
  return { authorization: `Basic ${encoded}` };
}

const userSession = z.object({ userName: text });

/** VI/JSON's own login (SessionManager `Login`). The session id comes in the reply's header. */
export function viJsonSessionService(
  wire: HostWire,
  rootOf: FindViJsonRoot,
  account: Account,
): SessionService {
  const managerCall = async (member: string, requestId?: string) => {
    const { base, sessionManagerId } = await rootOf(omitUndefined({ requestId }));
    const path = [...base, 'SessionManager', sessionManagerId, member];
    return { subject: `user ${account.username}`, method: 'POST', path } as const;
  };
  return {
    async standing(credential) {
      const target = await managerCall('currentSession').catch(() => undefined);
      if (target === undefined) return 'untold';
      const of = { operation: 'vijson.session', emptyMeans: 'unauthenticated', reply: userSession } as const;
      return sessionStanding(wire, { ...target, ...of, method: 'GET' }, credential);
    },
    async login(requestId) {
      const target = await managerCall('Login', requestId);
      const call = { ...target, operation: 'vijson.login', reply: userSession, login: true } as const;
      return sessionlessExchange(wire, call, {
        deadlineMs: wire.settings.callDeadlineMs,
        requestId,
        purpose: 'change',
        compose: async (failure) => {
          const password = await passwordOf(account, failure);
          const body = { _typeName: 'LoginRequestType', userName: account.username, password };
          return { headers: {}, body: { type: 'application/json', text: JSON.stringify(body) } };
        },
        read: (reply, failure) => {
          readReply(call, reply, failure);
          const named = sessionId.safeParse(reply.sessionId);
          if (named.success) return named.data;
          throw failure.fromReply('malformed', reply.status, 'names no session');
        },
      });
    },
    async logout(credential) {
      const target = await managerCall('Logout');
      await endSession(wire, { ...target, operation: 'vijson.logout', reply: null }, credential);
    },
  };
}
