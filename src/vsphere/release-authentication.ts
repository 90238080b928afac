import type { ApplianceLogin } from './appliance-release';
import type { Authentication, Credential } from './authentication';
import { VsphereError } from './vsphere-error';

interface Ways {
  readonly login: (requestId?: string) => Promise<ApplianceLogin>;
  readonly sessions: Authentication;
  readonly assertions: Authentication;
}

/** Asks an appliance for its release once, and logs in the way that this release has. A failure is not remembered. */
export class ReleaseAuthentication implements Authentication {
  #choice: Promise<Authentication> | undefined;
  readonly #open = new Set<Promise<unknown>>();

  constructor(private readonly ways: Ways) {}

  credential(requestId?: string): Promise<Credential> {
    const credential = this.#credential(requestId).finally(() => this.#open.delete(credential));
    this.#open.add(credential);
    return credential;
  }

  refused(credential: Credential): void {
    // An appliance that no longer takes assertions may have been upgraded; there is no way back.
    if ('authorization' in credential.headers) this.#choice = undefined;
    for (const way of this.#both()) way.refused(credential);
  }

  replaced(credential: Credential, sessionId: string): void {
    for (const way of this.#both()) way.replaced(credential, sessionId);
  }

  whyRefused(credential: Credential, serverMs: number | undefined): string | undefined {
    return this.ways.assertions.whyRefused?.(credential, serverMs);
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#open);
    await Promise.all(this.#both().map((way) => way.close()));
  }

  async #credential(requestId?: string): Promise<Credential> {
    this.#choice ??= this.#choose(requestId).catch((error: unknown) => {
      this.#choice = undefined;
      throw error;
    });
    return (await this.#choice).credential(requestId);
  }

  async #choose(requestId?: string): Promise<Authentication> {
    const { login, sessions, assertions } = this.ways;
    const found = await login(requestId);
    if (found === 'sessions') return sessions;
    if (found === 'assertions') return assertions;
    return (await this.#hasSessions(requestId)) ? sessions : assertions;
  }

  /** Where the release is hidden, the session resource itself tells: before 9.0 there is none. */
  async #hasSessions(requestId?: string): Promise<boolean> {
    try {
      await this.ways.sessions.credential(requestId);
      return true;
    } catch (error) {
      if (error instanceof VsphereError && error.status === 404) return false;
      throw error;
    }
  }

  #both(): readonly Authentication[] {
    return [this.ways.sessions, this.ways.assertions];
  }
}
