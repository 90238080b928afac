import { z } from 'zod';
import { omitUndefined } from '../../contract/omit-undefined';
import type { CallFailure } from '../call-failure';
import { readReply, type Authentication, type Credential } from '../calls';
import { VsphereError } from '../errors';
import type { FindViJsonRoot } from '../privileges';
import { sessionId, text, type VsphereCall } from '../replies';
import { targetPaths } from '../request-paths';
import { passwordOf, type Account } from '../settings';
import type { WireReply } from '../wire/exchange';
import type { HostWire, RequestBody, Sending, LoginOutcome } from '../wire/host-wire';
import { startCallDeadline, withinDeadline, LOGOUT_DEADLINE_MS, type Clock } from '../wire/limits';

export interface SessionService {
  /** Resolves to the session id. Rejects with a `VsphereError`, kind `login-refused` when the account was refused. */
  login(requestId?: string): Promise<string>;
  logout(credential: Credential): Promise<void>;
}

/** One session per connection and host, opened when first needed. */
export class SessionAuthentication implements Authentication {
  #current: Credential | undefined;
  #login: Promise<Credential> | undefined;
  /** Logouts under way. Each has its deadline. */
  readonly #farewells = new Set<Promise<void>>();

  constructor(
    private readonly service: SessionService,
    private readonly refusals: RefusedLogins,
  ) {}

  credential(requestId?: string): Promise<Credential> {
    if (this.#current) return Promise.resolve(this.#current);
    this.#login ??= this.#logIn(requestId).finally(() => (this.#login = undefined));
    return this.#login;
  }

  /** The session is ended as well: one refused by mistake would otherwise stay open, and a server has a limited number. */
  refused(credential: Credential): void {
    if (this.#current !== credential) return;
    this.#current = undefined;
    const farewell = this.#end(credential).finally(() => this.#farewells.delete(farewell));
    this.#farewells.add(farewell);
  }

  replaced(credential: Credential, sessionId: string): void {
    if (this.#current === credential && sessionId !== credential.secret)
      this.#current = sessionCredential(sessionId);
  }

  async close(): Promise<void> {
    await this.#login?.catch(() => undefined);
    const last = this.#current;
    this.#current = undefined;
    await Promise.all([...this.#farewells, ...(last ? [this.#end(last)] : [])]);
  }

  /** Best effort: a session that cannot be ended now ends by itself after half an idle hour. */
  async #end(credential: Credential): Promise<void> {
    await this.service.logout(credential).catch(() => undefined);
  }

  async #logIn(requestId?: string): Promise<Credential> {
    const sessionId = await this.refusals.unlessRecent(() => this.service.login(requestId));
    return (this.#current = sessionCredential(sessionId));
  }
}

function sessionCredential(sessionId: string): Credential {
  return { headers: { 'vmware-api-session-id': sessionId }, secret: sessionId };
}

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
  return {
    login: (requestId) =>
      sessionlessExchange(wire, login, {
        deadlineMs: callDeadlineMs,
        requestId,
        purpose: 'change',
        compose: async (failure) => ({ headers: await basic(account, failure) }),
        read: (reply, failure) => readReply(login, reply, failure),
      }),
    logout: ({ headers }: Credential) =>
      sessionlessExchange(wire, logout, {
        deadlineMs: LOGOUT_DEADLINE_MS,
        requestId: undefined,
        purpose: 'change',
        compose: async () => ({ headers }),
        read: (reply, failure) => readReply(logout, reply, failure),
      }),
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
  const subject = `user ${account.username}`;
  const managerCall = async (method: string, requestId?: string) => {
    const root = await rootOf(omitUndefined({ requestId }));
    return {
      subject,
      method: 'POST',
      path: [...root.base, 'SessionManager', root.sessionManagerId, method],
    } as const;
  };
  return {
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
    async logout({ headers }) {
      const target = await managerCall('Logout');
      const call: VsphereCall<void> = { ...target, operation: 'vijson.logout', reply: null };
      await sessionlessExchange(wire, call, {
        deadlineMs: LOGOUT_DEADLINE_MS,
        requestId: undefined,
        purpose: 'change',
        compose: async () => ({ headers }),
        read: (reply, failure) => readReply(call, reply, failure),
      });
    },
  };
}

/** Directories lock an account after a few refused logins within minutes: one a minute stays below that. */
const REFUSED_LOGIN_PAUSE_MS = 60_000;

/** Remembers the last refused login of one account, whichever of the hosts refused it: it is the same account on both. */
export class RefusedLogins {
  #last: { readonly error: VsphereError; readonly atMs: number } | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly tell: (outcome: LoginOutcome) => void = () => undefined,
  ) {}

  /** Logs in, or fails at once with the last refusal while that is less than a minute old. */
  async unlessRecent<T>(login: () => Promise<T>): Promise<T> {
    const last = this.#last;
    if (last && this.clock.monotonicMs() - last.atMs < REFUSED_LOGIN_PAUSE_MS) {
      this.tell('withheld');
      throw last.error;
    }
    try {
      const result = await login();
      this.#last = undefined;
      this.tell('ok');
      return result;
    } catch (error) {
      this.tell(error instanceof VsphereError ? error.kind : 'error');
      if (error instanceof VsphereError && error.kind === 'login-refused') {
        this.#last = { error, atMs: this.clock.monotonicMs() };
      }
      throw error;
    }
  }
}
