import { gzipSync } from 'node:zlib';
import type { Authentication, Credential } from '../calls';
import type { Clock } from '../wire/limits';
import type { RefusedLogins } from './sessions';
import { parseXml, XmlRefused, textOf, type XmlElement } from './xml';

/** What two clocks may differ by before a refusal is put down to them. Network and the Date header's second are far below. */
export const CLOCKS_AGREE_MS = 60_000;

/** "the clock of vCenter is 12 min 3 s ahead of this machine's" */
export function describeSkew(whose: string, aheadMs: number, other: string): string {
  const direction = aheadMs < 0 ? 'behind' : 'ahead of';
  return `the clock of ${whose} is ${describeSpan(Math.abs(aheadMs))} ${direction} ${other}`;
}

function describeSpan(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const units = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  const parts = units.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`);
  return parts.length === 0 ? '0 s' : parts.slice(0, 2).join(' ');
}

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

  worked(): void {
    // A call that is signed by itself has no session.
  }

  /** No resource can be asked about an assertion. It is renewed before its end anyway. */
  doubted(credential: Credential): Promise<boolean> {
    return Promise.resolve(this.#held?.credential !== credential);
  }

  /** A fresh assertion begins at the issuer's now: an appliance that is earlier, or later by its whole life, takes none. */
  refusal(credential: Credential, serverMs: number | undefined): string | undefined {
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

const SAML2 = 'urn:oasis:names:tc:SAML:2.0:assertion';
/** A real one has 3 to 6 KiB, with many groups some more. Beyond this no front end takes the header that carries it. */
const MAX_ASSERTION_BYTES = 128 * 1024;
const UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/;

export type IssueAssertion = (requestId?: string) => Promise<Assertion>;

export interface Assertion {
  /** Byte for byte as it was signed: read and written again it would no longer fit its signature. */
  readonly bytes: Buffer;
  /** Subject NameID. */
  readonly user: string | undefined;
  /** Conditions, on the issuer's clock. */
  readonly notBeforeMs: number;
  readonly notOnOrAfterMs: number;
}

/** Cuts the assertion out of a token service's reply. Throws `XmlRefused`. */
export function readAssertion(reply: Buffer): Assertion {
  // One character for each byte, so that positions in the text are positions in the reply.
  const bytes = reply.toString('latin1');
  const element = theAssertion(parseXml(bytes));
  if (element.end - element.start > MAX_ASSERTION_BYTES) throw new XmlRefused('its assertion is too large');
  const conditions = child(element, 'Conditions');
  const nameId = child(child(element, 'Subject'), 'NameID');
  const [notBeforeMs, notOnOrAfterMs] = [moment(conditions, 'NotBefore'), moment(conditions, 'NotOnOrAfter')];
  if (notOnOrAfterMs <= notBeforeMs) throw new XmlRefused('its assertion ends before it begins');
  const user = nameId && textOf(bytes, nameId);
  return { bytes: reply.subarray(element.start, element.end), user, notBeforeMs, notOnOrAfterMs };
}

function theAssertion(root: XmlElement): XmlElement {
  const [token, ...more] = descendants(root, 'RequestedSecurityToken');
  const [assertion, ...others] = token?.children ?? [];
  if (!assertion || more.length > 0 || others.length > 0 || assertion.local !== 'Assertion') {
    throw new XmlRefused('it does not hold one assertion');
  }
  // Declared further out, the name would lose its meaning when the assertion is cut out.
  const declaration = assertion.prefix === '' ? 'xmlns' : `xmlns:${assertion.prefix.slice(0, -1)}`;
  if (assertion.attributes.get(declaration) === SAML2) return assertion;
  throw new XmlRefused('its assertion is not of SAML 2.0');
}

function descendants(element: XmlElement, local: string): XmlElement[] {
  if (element.local === local) return [element];
  return element.children.flatMap((child) => descendants(child, local));
}

function child(element: XmlElement | undefined, local: string): XmlElement | undefined {
  return element?.children.find((child) => child.local === local);
}

function moment(conditions: XmlElement | undefined, name: string): number {
  const written = conditions?.attributes.get(name) ?? '';
  const ms = UTC.test(written) ? Date.parse(written) : NaN;
  if (Number.isNaN(ms)) throw new XmlRefused(`its assertion has no ${name}`);
  return ms;
}
