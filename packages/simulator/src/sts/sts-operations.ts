import { gunzipSync } from 'node:zlib';
import type { Call, Operation, Reply } from '../http/operation';
import type { World } from '../world/world';
import { decodeXml, escapeXml } from './canonical-xml';

const WS_TRUST = 'http://docs.oasis-open.org/ws-sx/ws-trust/200512';
const SAML2 = 'urn:oasis:names:tc:SAML:2.0:assertion';
const WSSE = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
const WSU = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd';
/** The token service's default: a request that is further off was sent by a clock that is wrong. */
const REQUEST_TOLERANCE_MS = 10 * 60 * 1000;
const BEARER = `${WS_TRUST}/Bearer`;

function envelope(status: number, body: string): Reply {
  const text =
    '<?xml version="1.0" encoding="UTF-8"?><S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/">' +
    `<S:Body>${body}</S:Body></S:Envelope>`;
  return { status, text, headers: { 'content-type': 'text/xml;charset=utf-8' } };
}

/** A SOAP fault; like every SOAP 1.1 fault it comes with status 500. */
function fault(code: string, reason: string, namespace = WS_TRUST): Reply {
  const content = `<faultcode xmlns:ns0="${namespace}">ns0:${code}</faultcode><faultstring>${escapeXml(reason)}</faultstring>`;
  return envelope(500, `<S:Fault>${content}</S:Fault>`);
}

/** Text of the first element of this local name, whatever its prefix. */
function textOf(xml: string, element: string): string | undefined {
  const found = new RegExp(`<(?:[\\w-]+:)?${element}(?:\\s[^>]*)?>([^<]*)</`).exec(xml)?.[1];
  return found === undefined ? undefined : decodeXml(found.trim());
}

/** The fault that a request's mandatory timestamp deserves. */
function timestampFault(body: string, nowMs: number): Reply | undefined {
  const [created, expires] = ['Created', 'Expires'].map((name) => Date.parse(textOf(body, name) ?? ''));
  if (!created || !expires || expires <= created) {
    return fault('InvalidSecurity', 'Element Timestamp is missing or malformed.', WSSE);
  }
  if (nowMs >= created - REQUEST_TOLERANCE_MS && nowMs < expires + REQUEST_TOLERANCE_MS) return undefined;
  const now = new Date(nowMs).toISOString();
  const reason = `The time now ${now} does not fall in the request lifetime interval. This might be due to a clock skew problem.`;
  return fault('MessageExpired', reason, WSSE);
}

function lifetimeOf(fromMs: number, lastsMs: number): string {
  const [created, expires] = [fromMs, fromMs + lastsMs].map((ms) => new Date(ms).toISOString());
  const content = `<wsu:Created>${created}</wsu:Created><wsu:Expires>${expires}</wsu:Expires>`;
  return `<wst:Lifetime xmlns:wsu="${WSU}">${content}</wst:Lifetime>`;
}

function issue(world: World, { body }: Call): Reply {
  const late = timestampFault(body, world.clock.now());
  if (late) return late;
  if (textOf(body, 'RequestType') !== `${WS_TRUST}/Issue`)
    return fault('InvalidRequest', 'Not an Issue request.');
  if (textOf(body, 'TokenType') !== SAML2 || textOf(body, 'KeyType') !== BEARER) {
    return fault('InvalidRequest', 'Only SAML 2.0 bearer assertions are issued.');
  }
  const user = world.users.authenticate(textOf(body, 'Username') ?? '', textOf(body, 'Password') ?? '');
  if (!user) return fault('FailedAuthentication', 'Invalid credentials');
  const lifetime = lifetimeOf(world.clock.now(), world.settings.samlLifetimeMs);
  const token = `<wst:RequestedSecurityToken>${world.assertions.issue(user.name)}</wst:RequestedSecurityToken>`;
  const response = `<wst:RequestSecurityTokenResponse><wst:TokenType>${SAML2}</wst:TokenType>${lifetime}${token}</wst:RequestSecurityTokenResponse>`;
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

/** A real assertion has a few KiB; the bound stops a gzip bomb. */
const MAX_ASSERTION_BYTES = 256 * 1024;

function unpack(token: string): string | undefined {
  try {
    const packed = Buffer.from(token, 'base64');
    return gunzipSync(packed, { maxOutputLength: MAX_ASSERTION_BYTES }).toString('utf8');
  } catch {
    return undefined;
  }
}

/** The user of `Authorization: SIGN token="<base64(gzip(assertion))>"`, with quotes or without, at this host's time. */
export function signedUser(world: World, header: string | undefined, nowMs: number): string | undefined {
  const [, quoted, bare] = /^SIGN\s+token=(?:"([^"]+)"|([^\s",]+))/i.exec(header ?? '') ?? [];
  const token = quoted ?? bare;
  const assertion = token === undefined ? undefined : unpack(token);
  return assertion === undefined ? undefined : world.assertions.userOf(assertion, nowMs);
}
