import type { Authentication, Credential } from './authentication';
import type { RefusedLogins } from './refused-logins';

export interface SessionService {
  /** Resolves to the session id; rejects with a `VsphereError`, kind `login-refused` when the account was refused. */
  login(requestId?: string): Promise<string>;
  logout(credential: Credential): Promise<void>;
}

/** One session per connection and host, opened when first needed. */
export class SessionAuthentication implements Authentication {
  #current: Credential | undefined;
  #login: Promise<Credential> | undefined;
  /** Logouts under way; each has its deadline. */
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

  /** The session is ended as well: one refused by mistake would otherwise stay open, and a server has only so many. */
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
