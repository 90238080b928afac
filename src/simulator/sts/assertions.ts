import { randomBytes, randomUUID } from 'node:crypto';
import type { Clock } from '../world/clock';

/** How long vCenter's token service lets a bearer assertion live by default. */
const LIFETIME_MS = 30 * 60 * 1000;
/** How far apart the clocks of issuer and appliance may be. */
const CLOCK_TOLERANCE_MS = 60_000;
/** More than any test holds; the oldest ones are forgotten above it. */
const MAX_ASSERTIONS = 2000;

interface Issued {
  readonly user: string;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The SAML bearer assertions that were issued; one that was changed by a single character is unknown. */
export class Assertions {
  private readonly byXml = new Map<string, Issued>();

  constructor(private readonly clock: Clock) {}

  /** Issues an assertion; its random signature value is what makes it a secret. */
  issue(user: string): string {
    const notBeforeMs = this.clock.now();
    const notAfterMs = notBeforeMs + LIFETIME_MS;
    const [from, to] = [notBeforeMs, notAfterMs].map((moment) => new Date(moment).toISOString());
    const xml =
      `<saml2:Assertion xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion" ID="_${randomUUID()}" ` +
      `IssueInstant="${from}" Version="2.0"><saml2:Issuer>https://127.0.0.1/websso</saml2:Issuer>` +
      `<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignatureValue>` +
      `${randomBytes(64).toString('base64')}</ds:SignatureValue></ds:Signature>` +
      `<saml2:Subject><saml2:NameID>${escapeXml(user)}</saml2:NameID><saml2:SubjectConfirmation ` +
      `Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"/></saml2:Subject>` +
      `<saml2:Conditions NotBefore="${from}" NotOnOrAfter="${to}"/></saml2:Assertion>`;
    this.byXml.set(xml, { user, notBeforeMs, notAfterMs });
    const [oldest] = this.byXml.keys();
    if (this.byXml.size > MAX_ASSERTIONS && oldest !== undefined) this.byXml.delete(oldest);
    return xml;
  }

  /** Whom this assertion speaks for at `nowMs` of the host that is asked; undefined when it is not valid there. */
  userOf(xml: string, nowMs: number): string | undefined {
    const issued = this.byXml.get(xml);
    if (!issued || nowMs < issued.notBeforeMs - CLOCK_TOLERANCE_MS) return undefined;
    return nowMs < issued.notAfterMs + CLOCK_TOLERANCE_MS ? issued.user : undefined;
  }

  forgetAll(): void {
    this.byXml.clear();
  }
}
