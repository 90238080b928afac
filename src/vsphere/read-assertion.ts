import { parseXml, XmlRefused, type XmlElement } from './xml-tree';
import { textOf } from './xml-text';

const SAML2 = 'urn:oasis:names:tc:SAML:2.0:assertion';
/** A real one has 3 to 6 KiB, with many groups some more; beyond this no front end takes the header that carries it. */
const MAX_ASSERTION_BYTES = 128 * 1024;
const UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/;

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
