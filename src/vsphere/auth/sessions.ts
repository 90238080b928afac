import type { Authentication, Credential } from '../calls';
import { VsphereError } from '../errors';
import type { LoginOutcome } from '../wire/host-wire';
import type { Clock } from '../wire/limits';
import type { SessionService } from './logins';

/** A session that was not denied is not asked about again for so long: a gateway may refuse calls for hours. */
const ASK_PAUSE_MS = 60_000;
/** Between two sessions that were replaced by denial. Something in between may deny every session: logins must not pile up. */
const FIRST_REPLACE_PAUSE_MS = 60_000;
const LONGEST_REPLACE_PAUSE_MS = 3_600_000;

/** One session per connection and host, opened when first needed. */
export class SessionAuthentication implements Authentication {
  #current: Credential | undefined;
  #hasWorked = false;
  #login: Promise<Credential> | undefined;
  #question: Promise<boolean> | undefined;
  #askAgainMs = 0;
  #lastReplaced: { readonly atMs: number; readonly pauseMs: number } | undefined;
  /** Logouts under way. Each has its deadline. */
  readonly #farewells = new Set<Promise<void>>();

  constructor(
    private readonly service: SessionService,
    private readonly refusals: RefusedLogins,
    private readonly clock: Clock,
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

  worked(credential: Credential, sessionId = credential.secret): void {
    if (this.#current !== credential) return;
    this.#hasWorked = true;
    if (sessionId !== credential.secret) this.#current = sessionCredential(sessionId);
  }

  /**
   * Some front ends tell the end of a session in words of their own. A session that worked is therefore asked about at the
   * session resource, by one question for all callers. Only a denial replaces it.
   */
  async doubted(credential: Credential): Promise<boolean> {
    if (this.#current !== credential) return true;
    if (!this.#hasWorked || this.clock.monotonicMs() < this.#askAgainMs) return false;
    this.#question ??= this.#ask(credential).finally(() => (this.#question = undefined));
    return this.#question;
  }

  async close(): Promise<void> {
    await this.#question;
    await this.#login?.catch(() => undefined);
    const last = this.#current;
    this.#current = undefined;
    await Promise.all([...this.#farewells, ...(last ? [this.#end(last)] : [])]);
  }

  /** Best effort: a session that cannot be ended now ends by itself after half an idle hour. */
  async #end(credential: Credential): Promise<void> {
    await this.service.logout(credential).catch(() => undefined);
  }

  async #ask(credential: Credential): Promise<boolean> {
    const standing = await this.service.standing(credential);
    const nowMs = this.clock.monotonicMs();
    if (standing !== 'denied') {
      this.#askAgainMs = nowMs + ASK_PAUSE_MS;
      return false;
    }
    const pauseMs = this.#nextPauseMs(nowMs);
    this.#lastReplaced = { atMs: nowMs, pauseMs };
    this.#askAgainMs = nowMs + pauseMs;
    this.refused(credential);
    return true;
  }

  /** Doubles while sessions are denied as soon as they may be. One that lasted twice its pause ended in its own time. */
  #nextPauseMs(nowMs: number): number {
    const last = this.#lastReplaced;
    if (!last || nowMs - last.atMs >= 2 * last.pauseMs) return FIRST_REPLACE_PAUSE_MS;
    return Math.min(2 * last.pauseMs, LONGEST_REPLACE_PAUSE_MS);
  }

  async #logIn(requestId?: string): Promise<Credential> {
    const sessionId = await this.refusals.unlessRecent(() => this.service.login(requestId));
    this.#hasWorked = false;
    return (this.#current = sessionCredential(sessionId));
  }
}

function sessionCredential(sessionId: string): Credential {
  return { headers: { 'vmware-api-session-id': sessionId }, secret: sessionId };
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
