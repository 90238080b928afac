import { escapeXml } from './xml-text';

const TRUST = 'http://docs.oasis-open.org/ws-sx/ws-trust/200512';
const WSS = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity';
/** Longer than any call may take; the token service adds its own tolerance. */
const REQUEST_LASTS_MS = 60_000;

export const STS_ACTION = `${TRUST}/RST/Issue`;

/**
 * Asks for a SAML 2.0 bearer assertion (WS-Trust 1.4, `RequestSecurityToken` with a `UsernameToken`). How long it lives is
 * left to the token service: a wish beyond its limit would be refused. The timestamp is mandatory there, and so is the
 * order of the elements. Undefined when user name or password hold a character that XML cannot carry.
 */
export function stsRequest(username: string, password: string, nowMs: number): string | undefined {
  const [name, secret] = [escapeXml(username), escapeXml(password)];
  if (name === undefined || secret === undefined) return undefined;
  const iso = (ms: number) => new Date(ms).toISOString();
  return (
    '<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Header>' +
    `<wsse:Security xmlns:wsse="${WSS}-secext-1.0.xsd" xmlns:wsu="${WSS}-utility-1.0.xsd">` +
    `<wsu:Timestamp wsu:Id="_timestamp"><wsu:Created>${iso(nowMs)}</wsu:Created>` +
    `<wsu:Expires>${iso(nowMs + REQUEST_LASTS_MS)}</wsu:Expires></wsu:Timestamp>` +
    `<wsse:UsernameToken><wsse:Username>${name}</wsse:Username><wsse:Password>${secret}</wsse:Password>` +
    '</wsse:UsernameToken></wsse:Security></S:Header><S:Body>' +
    `<wst:RequestSecurityToken xmlns:wst="${TRUST}">` +
    '<wst:TokenType>urn:oasis:names:tc:SAML:2.0:assertion</wst:TokenType>' +
    `<wst:RequestType>${TRUST}/Issue</wst:RequestType><wst:Renewing Allow="false" OK="false"/>` +
    `<wst:Delegatable>false</wst:Delegatable><wst:KeyType>${TRUST}/Bearer</wst:KeyType>` +
    '<wst:SignatureAlgorithm>http://www.w3.org/2001/04/xmldsig-more#rsa-sha256</wst:SignatureAlgorithm>' +
    '</wst:RequestSecurityToken></S:Body></S:Envelope>'
  );
}
