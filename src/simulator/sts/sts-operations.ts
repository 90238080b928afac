import type { Call, Operation, Reply } from '../http/operation';
import type { World } from '../world/world';

const WS_TRUST = 'http://docs.oasis-open.org/ws-sx/ws-trust/200512';
const SAML2 = 'urn:oasis:names:tc:SAML:2.0:assertion';
const BEARER = `${WS_TRUST}/Bearer`;

function envelope(status: number, body: string): Reply {
  const text =
    '<?xml version="1.0" encoding="UTF-8"?><S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/">' +
    `<S:Body>${body}</S:Body></S:Envelope>`;
  return { status, text, headers: { 'content-type': 'text/xml;charset=utf-8' } };
}

/** A SOAP fault; like every SOAP 1.1 fault it comes with status 500. */
function fault(code: string, reason: string): Reply {
  const content = `<faultcode xmlns:ns0="${WS_TRUST}">ns0:${code}</faultcode><faultstring>${reason}</faultstring>`;
  return envelope(500, `<S:Fault>${content}</S:Fault>`);
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decodeXml(text: string): string {
  return text.replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return ENTITIES[String(name)] ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(String(hex), 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** Text of the first element of this local name, whatever its prefix. */
function textOf(xml: string, element: string): string | undefined {
  const found = new RegExp(`<(?:[\\w-]+:)?${element}(?:\\s[^>]*)?>([^<]*)</`).exec(xml)?.[1];
  return found === undefined ? undefined : decodeXml(found.trim());
}

function issue(world: World, { body }: Call): Reply {
  if (textOf(body, 'RequestType') !== `${WS_TRUST}/Issue`)
    return fault('InvalidRequest', 'Not an Issue request.');
  if (textOf(body, 'TokenType') !== SAML2 || textOf(body, 'KeyType') !== BEARER) {
    return fault('InvalidRequest', 'Only SAML 2.0 bearer assertions are issued.');
  }
  const user = world.users.authenticate(textOf(body, 'Username') ?? '', textOf(body, 'Password') ?? '');
  if (!user) return fault('FailedAuthentication', 'Invalid credentials');
  const token = `<wst:RequestedSecurityToken>${world.assertions.issue(user.name)}</wst:RequestedSecurityToken>`;
  const response = `<wst:RequestSecurityTokenResponse><wst:TokenType>${SAML2}</wst:TokenType>${token}</wst:RequestSecurityTokenResponse>`;
  const collection = 'wst:RequestSecurityTokenResponseCollection';
  return envelope(200, `<${collection} xmlns:wst="${WS_TRUST}">${response}</${collection}>`);
}

/** vCenter's token service (WS-Trust over SOAP), with and without the name of a tenant. */
export function stsOperations(world: World): Operation[] {
  const paths = ['/sts/STSService', '/sts/STSService/:tenant'];
  return paths.map((path) => ({
    name: 'sts.issue',
    method: 'POST',
    path,
    answer: (call) => issue(world, call),
  }));
}
