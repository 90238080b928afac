import type { RunningSimulator } from '../../packages/simulator/src/start-simulator';

const TRUST = 'http://docs.oasis-open.org/ws-sx/ws-trust/200512';
const WSS = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity';

const escaped = (text: string) => text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);

function timestamp(nowMs: number): string {
  if (Number.isNaN(nowMs)) return '';
  const [created, expires] = [nowMs, nowMs + 60_000].map((ms) => new Date(ms).toISOString());
  return `<wsu:Timestamp><wsu:Created>${created}</wsu:Created><wsu:Expires>${expires}</wsu:Expires></wsu:Timestamp>`;
}

/** Asks the simulator's token service for a bearer assertion, as a client would whose clock shows `nowMs` (NaN: no timestamp). */
export async function requestAssertion(
  { vcenterUrl, username, password: right }: RunningSimulator,
  { password = right, nowMs }: { password?: string; nowMs: number },
): Promise<{ status: number; xml: string }> {
  const body =
    `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Header>` +
    `<wsse:Security xmlns:wsse="${WSS}-secext-1.0.xsd" xmlns:wsu="${WSS}-utility-1.0.xsd">${timestamp(nowMs)}` +
    `<wsse:UsernameToken><wsse:Username>${username}</wsse:Username><wsse:Password>${escaped(password)}</wsse:Password>` +
    `</wsse:UsernameToken></wsse:Security></S:Header><S:Body><wst:RequestSecurityToken xmlns:wst="${TRUST}">` +
    `<wst:TokenType>urn:oasis:names:tc:SAML:2.0:assertion</wst:TokenType>` +
    `<wst:RequestType>${TRUST}/Issue</wst:RequestType><wst:KeyType>${TRUST}/Bearer</wst:KeyType>` +
    `</wst:RequestSecurityToken></S:Body></S:Envelope>`;
  const headers = { 'content-type': 'text/xml' };
  const answer = await fetch(`${vcenterUrl}/sts/STSService`, { method: 'POST', headers, body });
  return { status: answer.status, xml: await answer.text() };
}

/** The assertion as it stands in the reply, up to the last end that looks like one. */
export function bearerAssertion(xml: string): string {
  return /<saml2:Assertion[^]*<\/saml2:Assertion\s*>/.exec(xml)?.[0] ?? '';
}
