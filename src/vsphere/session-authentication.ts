import type { Authentication, Credential } from './authentication';
import type { Clock } from './clock';
import { VsphereError } from './vsphere-error';

/** Directories lock an account after a few refused logins within minutes: one a minute stays below that. */
const REFUSED_LOGIN_PAUSE_MS = 60_000;

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
  #refusal: { readonly error: VsphereError; readonly atMs: number } | undefined;

  constructor(
    private readonly service: SessionService,
    private readonly clock: Clock,
  ) {}

  credential(requestId?: string): Promise<Credential> {
    if (this.#current) return Promise.resolve(this.#current);
    const refusal = this.#refusal;
    if (refusal && this.clock.monotonicMs() - refusal.atMs < REFUSED_LOGIN_PAUSE_MS) {
      return Promise.reject(refusal.error);
    }
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
    try {
      this.#current = sessionCredential(await this.service.login(requestId));
      this.#refusal = undefined;
      return this.#current;
    } catch (error) {
      if (error instanceof VsphereError && error.kind === 'login-refused') {
        this.#refusal = { error, atMs: this.clock.monotonicMs() };
      }
      throw error;
    }
  }
}

function sessionCredential(sessionId: string): Credential {
  return { headers: { 'vmware-api-session-id': sessionId }, secret: sessionId };
}
