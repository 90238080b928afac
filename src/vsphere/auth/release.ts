import { z } from 'zod';
import { readReply, type Authentication, type Credential } from '../calls';
import { VsphereError } from '../errors';
import { redact } from '../redaction';
import { text, type VsphereCall } from '../replies';
import type { HostWire } from '../wire/host-wire';
import { sessionlessExchange } from './logins';

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
    // An appliance that no longer takes assertions may have been upgraded. There is no way back.
    if (isSigned(credential)) this.#choice = undefined;
    this.#wayOf(credential).refused(credential);
  }

  worked(credential: Credential, sessionId?: string): void {
    this.#wayOf(credential).worked(credential, sessionId);
  }

  doubted(credential: Credential): Promise<boolean> {
    return this.#wayOf(credential).doubted(credential);
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

  #wayOf(credential: Credential): Authentication {
    return isSigned(credential) ? this.ways.assertions : this.ways.sessions;
  }
}

const isSigned = ({ headers }: Credential): boolean => 'authorization' in headers;

/** The login of a release. `hidden`: the appliance does not reveal its release without a login. */
export type ApplianceLogin = 'sessions' | 'assertions' | 'hidden';

const SUPPORTED = '8.0.3 and later 8.0 releases, and 9.x';

const ABOUT: VsphereCall<{ version: string }> = {
  operation: 'about',
  subject: '',
  method: 'GET',
  path: ['api', 'snapservice', 'info', 'about'],
  reply: z.object({ version: text }),
};

/** `GET /api/snapservice/info/about` without credentials. Undefined when the appliance does not reveal it. */
export async function applianceVersion(wire: HostWire, requestId?: string): Promise<string | undefined> {
  try {
    const { version } = await sessionlessExchange(wire, ABOUT, {
      deadlineMs: wire.settings.callDeadlineMs,
      requestId,
      purpose: 'reads',
      compose: async () => ({ headers: {} }),
      read: (reply, failure) => readReply(ABOUT, reply, failure),
    });
    return version;
  } catch (error) {
    if (error instanceof VsphereError && HIDING.has(error.kind)) return undefined;
    throw error;
  }
}

/** Which of the two logins this appliance has. */
export function applianceLogin(wire: HostWire): (requestId?: string) => Promise<ApplianceLogin> {
  return async (requestId) => {
    const version = await applianceVersion(wire, requestId);
    if (version === undefined) return 'hidden';
    const login = loginOf(version);
    if (login) return login;
    const why = `the snapshot appliance is of release ${redact(version, [])}, supported are ${SUPPORTED}`;
    throw wire.failure(ABOUT, false).here('unsupported-release', why);
  };
}

const HIDING: ReadonlySet<string> = new Set(['unauthenticated', 'forbidden']);

function loginOf(version: string): ApplianceLogin | undefined {
  const [, major, minor, update] = /^(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?(?:\.|$)/.exec(version) ?? [];
  if (major === '9') return 'sessions';
  return major === '8' && minor === '0' && Number(update ?? 0) >= 3 ? 'assertions' : undefined;
}
