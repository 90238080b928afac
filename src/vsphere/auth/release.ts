import { z } from 'zod';
import { readReply, type Authentication, type Credential } from '../calls';
import { VsphereError } from '../errors';
import { redact } from '../redaction';
import { text, type VsphereCall } from '../replies';
import type { HostWire } from '../wire/host-wire';
import { sessionlessExchange } from './logins';

interface Ways {
  /** Rejects unless a snapshot appliance answers. Needs no login. */
  readonly recognize: (requestId?: string) => Promise<void>;
  readonly sessions: Authentication;
  readonly assertions: Authentication;
}

/**
 * Makes sure that a snapshot appliance answers before it is told a password. Then finds out once which login it has. A
 * failure is not remembered.
 */
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

  refusal(credential: Credential, serverMs: number | undefined): string | undefined {
    return this.ways.assertions.refusal?.(credential, serverMs);
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
    const { recognize, sessions, assertions } = this.ways;
    await recognize(requestId);
    return (await this.#hasSessions(requestId)) ? sessions : assertions;
  }

  /**
   * The session resource tells, not the release, which is free text. Before 9.0 there is none. A 404 in other words than
   * the API's is a gateway's: it says nothing, and an assertion is good for every service of the site.
   */
  async #hasSessions(requestId?: string): Promise<boolean> {
    try {
      await this.ways.sessions.credential(requestId);
      return true;
    } catch (error) {
      const { status, errorType } = error instanceof VsphereError ? error : {};
      if (status === 404 && errorType !== undefined) return false;
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

const ABOUT: VsphereCall<{ version: string }> = {
  operation: 'about',
  subject: '',
  method: 'GET',
  path: ['api', 'snapservice', 'info', 'about'],
  reply: z.object({ version: text }),
};

/**
 * `GET /api/snapservice/info/about` without credentials. Undefined when the appliance does not reveal it, which counts only
 * in the API's own words: anything else may be any server. Rejects with a `VsphereError`.
 */
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
    const { kind = '', status = 0 } = error instanceof VsphereError ? error : {};
    if (HIDING.has(kind)) return undefined;
    if (!HIDING_STATUSES.has(status)) throw error;
    throw wire.failure(ABOUT, false).fromReply('interrupted', status, 'is none of a snapshot appliance');
  }
}

const HIDING: ReadonlySet<string> = new Set(['unauthenticated', 'forbidden']);
const HIDING_STATUSES: ReadonlySet<number> = new Set([401, 403]);

const WRITTEN_FOR = '8.0.3 and later 8.0 releases, and 9.x';

/** What to say of a release that this client was not written for. It is used all the same. */
export function oddRelease(version: string): string | undefined {
  const [, major, minor, update = '0'] = /^v?(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?(?!\d)/i.exec(version) ?? [];
  if (major === '9' || (major === '8' && minor === '0' && Number(update) >= 3)) return undefined;
  return `release ${redact(version, [])} is none of those that Snapflow was written for (${WRITTEN_FOR})`;
}

/** Rejects unless a snapshot appliance answers. Warns of an odd release, which may be newer or spelt otherwise. */
export const recognizeAppliance =
  (wire: HostWire, warn: (warning: string) => void) =>
  async (requestId?: string): Promise<void> => {
    const version = await applianceVersion(wire, requestId);
    const warning = version === undefined ? undefined : oddRelease(version);
    if (warning !== undefined) warn(`snapshot appliance: ${warning}`);
  };
