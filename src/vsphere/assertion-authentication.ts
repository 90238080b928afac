import { gzipSync } from 'node:zlib';
import type { Authentication, Credential } from './authentication';
import type { Clock } from './clock';
import { CLOCKS_AGREE_MS, describeSkew } from './clock-skew';
import type { Assertion } from './read-assertion';
import type { RefusedLogins } from './refused-logins';
import type { IssueAssertion } from './sts-service';

/** Part of its life after which an assertion is renewed: at 30 minutes this leaves six to a token service that is away. */
const RENEW_AFTER = 0.8;

interface Held {
  readonly credential: Credential;
  readonly assertion: Assertion;
  /** On the monotonic clock: how long an assertion lives must not depend on whether our date is right. */
  readonly askedAtMs: number;
}

/** One signed assertion per connection, carried by every call and renewed before it ends. There is nothing to log out of. */
export class AssertionAuthentication implements Authentication {
  #held: Held | undefined;
  #issue: Promise<Credential> | undefined;

  constructor(
    private readonly issue: IssueAssertion,
    private readonly refusals: RefusedLogins,
    private readonly clock: Clock,
  ) {}

  credential(requestId?: string): Promise<Credential> {
    const held = this.#held;
    if (!held) return this.#renew(requestId);
    const usedUp = this.#ageMs(held) / lifetimeMs(held.assertion);
    if (usedUp >= 1) return this.#renew(requestId);
    // In the background: as long as this one is good, a token service that is away costs no call its time.
    if (usedUp >= RENEW_AFTER) this.#renew(requestId).catch(() => undefined);
    return Promise.resolve(held.credential);
  }

  refused(credential: Credential): void {
    if (this.#held?.credential === credential) this.#held = undefined;
  }

  replaced(): void {
    // A call that is signed by itself has no session.
  }

  /** A fresh assertion begins at the issuer's now: an appliance that is earlier, or later by its whole life, takes none. */
  whyRefused(credential: Credential, serverMs: number | undefined): string | undefined {
    const held = this.#held;
    if (held?.credential !== credential || serverMs === undefined) return undefined;
    const aheadMs = serverMs - (held.assertion.notBeforeMs + this.#ageMs(held));
    const helpless = aheadMs < -CLOCKS_AGREE_MS || aheadMs >= lifetimeMs(held.assertion);
    if (!helpless) return undefined;
    return describeSkew('the snapshot appliance', aheadMs, "vCenter's, which issued the assertion");
  }

  async close(): Promise<void> {
    await this.#issue?.catch(() => undefined);
    this.#held = undefined;
  }

  #renew(requestId?: string): Promise<Credential> {
    this.#issue ??= this.#obtain(requestId).finally(() => (this.#issue = undefined));
    return this.#issue;
  }

  async #obtain(requestId?: string): Promise<Credential> {
    // Before the request: an assertion is never taken for younger than it is.
    const askedAtMs = this.clock.monotonicMs();
    const assertion = await this.refusals.unlessRecent(() => this.issue(requestId));
    const credential = signCredential(assertion);
    this.#held = { credential, assertion, askedAtMs };
    return credential;
  }

  #ageMs({ askedAtMs }: Held): number {
    return this.clock.monotonicMs() - askedAtMs;
  }
}

const lifetimeMs = ({ notBeforeMs, notOnOrAfterMs }: Assertion): number => notOnOrAfterMs - notBeforeMs;

function signCredential({ bytes, user }: Assertion): Credential {
  const secret = gzipSync(bytes).toString('base64');
  return { headers: { authorization: `SIGN token="${secret}"` }, secret, user };
}
