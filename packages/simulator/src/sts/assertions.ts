import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../world/clock';
import type { Settings } from '../world/settings';
import { canonicalXml, decodeXml, escapeXml } from './canonical-xml';

/** How far apart the clocks of issuer and appliance may be. */
const CLOCK_TOLERANCE_MS = 60_000;
const SIGNATURE = 'http://www.w3.org/2000/09/xmldsig# Signature';
const SIGNATURE_VALUE = /<(?:[\w.-]+:)?SignatureValue(?: [^>]*)?>([^<]*)</;

function read(xml: string, pattern: RegExp): string {
  return decodeXml(pattern.exec(xml)?.[1] ?? '');
}

/**
 * Issues SAML bearer assertions and knows its own again. What is signed is the canonical form, so that one that was parsed
 * and written anew is as good. Valid XML that a careless reader stumbles over is in each of them: line ends within tags,
 * both kinds of quotes, CDATA and a comment that look like the end.
 */
export class Assertions {
  private key = randomBytes(32);

  constructor(
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {}

  issue(user: string): string {
    const nowMs = this.clock.now();
    const [from, to] = [nowMs, nowMs + this.settings.samlLifetimeMs].map((ms) => new Date(ms).toISOString());
    const unsigned =
      `<saml2:Assertion Version='2.0'\n  ID="_${randomUUID()}" xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion"\r\n` +
      `  IssueInstant='${from}' ><saml2:Issuer>https://127.0.0.1/websso/SAML2/Metadata/vsphere.local</saml2:Issuer>` +
      `<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignatureValue\n></ds:SignatureValue></ds:Signature>` +
      `<!-- </saml2:Assertion> --><saml2:Subject><saml2:NameID\tFormat="http://schemas.xmlsoap.org/claims/UPN">` +
      `${escapeXml(user)}</saml2:NameID><saml2:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer" />` +
      `</saml2:Subject><saml2:Conditions NotOnOrAfter='${to}'\n    NotBefore="${from}"/><saml2:AttributeStatement>` +
      `<saml2:Attribute Name='Groups'  ><saml2:AttributeValue><![CDATA[Größe </saml2:Assertion> & mehr]]>` +
      `</saml2:AttributeValue></saml2:Attribute></saml2:AttributeStatement></saml2:Assertion\n>`;
    return unsigned.replace(
      '\n></ds:SignatureValue>',
      `\n>${this.sign(canonicalXml(unsigned, SIGNATURE))}</ds:SignatureValue>`,
    );
  }

  /** Whom this assertion speaks for at `nowMs` of the host that is asked; undefined when it is not valid there. */
  userOf(xml: string, nowMs: number): string | undefined {
    const signed = canonical(xml, SIGNATURE);
    if (signed === undefined) return undefined;
    const given = Buffer.from(read(canonical(xml) ?? '', SIGNATURE_VALUE).replaceAll(/\s/g, ''));
    const right = Buffer.from(this.sign(signed));
    if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
    const [from, to] = [/NotBefore="([^"]*)"/, /NotOnOrAfter="([^"]*)"/].map((pattern) =>
      Date.parse(read(signed, pattern)),
    ) as [number, number];
    if (nowMs < from - CLOCK_TOLERANCE_MS || nowMs >= to + CLOCK_TOLERANCE_MS) return undefined;
    return read(signed, /<saml2:NameID[^>]*>([^<]*)</);
  }

  forgetAll(): void {
    this.key = randomBytes(32);
  }

  private sign(canonicalForm: string): string {
    return createHmac('sha256', this.key).update(canonicalForm).digest('base64');
  }
}

/** Undefined for what is no XML. */
function canonical(xml: string, leaveOut?: string): string | undefined {
  try {
    return canonicalXml(xml, leaveOut);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
