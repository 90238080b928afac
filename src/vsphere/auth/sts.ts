import type { CallFailure } from '../call-failure';
import type { VsphereError } from '../errors';
import type { VsphereCall } from '../replies';
import { passwordOf, type Account } from '../settings';
import type { WireReply } from '../wire/exchange';
import type { HostWire, RequestBody } from '../wire/host-wire';
import type { Clock } from '../wire/limits';
import {
  CLOCKS_AGREE_MS,
  describeSkew,
  readAssertion,
  type Assertion,
  type IssueAssertion,
} from './assertions';
import { sessionlessExchange } from './logins';
import { parseXml, XmlRefused, textOf, escapeXml, type XmlElement } from './xml';

export interface SoapFault {
  /** Without its prefix: `FailedAuthentication`. */
  readonly code: string;
  readonly text: string;
}

/** The fault of a SOAP 1.1 reply. Undefined when it is no such reply. */
export function readSoapFault(reply: Buffer): SoapFault | undefined {
  const bytes = reply.toString('latin1');
  try {
    const root = parseXml(bytes);
    const fault = only(only(root, 'Body'), 'Fault');
    const [code, text] = [only(fault, 'faultcode'), only(fault, 'faultstring')];
    if (!code) return undefined;
    return { code: textOf(bytes, code).replace(/^.*:/, ''), text: text ? textOf(bytes, text) : '' };
  } catch (error) {
    if (error instanceof XmlRefused) return undefined;
    throw error;
  }
}

function only(element: XmlElement | undefined, local: string): XmlElement | undefined {
  return element?.children.find((child) => child.local === local);
}

const TRUST = 'http://docs.oasis-open.org/ws-sx/ws-trust/200512';
const WSS = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity';
/** Longer than any call may take. The token service adds its own tolerance. */
const REQUEST_LASTS_MS = 60_000;

const STS_ACTION = `${TRUST}/RST/Issue`;

/**
 * Asks for a SAML 2.0 bearer assertion (WS-Trust 1.4, `RequestSecurityToken` with a `UsernameToken`). How long it lives is
 * left to the token service: a wish beyond its limit would be refused. The timestamp is mandatory there, and so is the
 * order of the elements. Undefined when user name or password hold a character that XML cannot carry.
 */
function stsRequest(username: string, password: string, nowMs: number): string | undefined {
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

/** The usual tolerance of directories. Snapflow does not depend on the wall clock, so less would only refuse what works. */
const OWN_CLOCK_TOLERANCE_MS = 5 * 60_000;

/** Faults that speak of time. The second one is also what any other flaw of the security header is called. */
const CLOCK_FAULTS: ReadonlySet<string> = new Set(['MessageExpired', 'InvalidTimeRange']);
const MAYBE_CLOCK_FAULT = 'InvalidSecurity';

/** vCenter's token service, `/sts/STSService`. Rejects with a `VsphereError`. */
export function stsService(wire: HostWire, account: Account, clock: Clock): IssueAssertion {
  const call: VsphereCall<unknown> = {
    operation: 'sts.issue',
    subject: `user ${account.username}`,
    method: 'POST',
    path: ['sts', 'STSService'],
    reply: null,
    login: true,
  };
  return (requestId) =>
    sessionlessExchange(wire, call, {
      deadlineMs: wire.settings.callDeadlineMs,
      requestId,
      purpose: 'change',
      compose: async (failure) => ({
        headers: { soapaction: `"${STS_ACTION}"` },
        body: await requestBody(account, clock, failure),
      }),
      read: (reply, failure) => readIssued(reply, clock.nowMs(), failure),
    });
}

async function requestBody(account: Account, clock: Clock, failure: CallFailure): Promise<RequestBody> {
  const secret = await passwordOf(account, failure);
  failure.hidePassword(escapeXml(secret) ?? '');
  const text = stsRequest(account.username, secret, clock.nowMs());
  if (text === undefined) {
    throw failure.here('login-refused', 'user name or password hold a character that XML cannot carry');
  }
  return { type: 'text/xml; charset=utf-8', text };
}

function readIssued(reply: WireReply, nowMs: number, failure: CallFailure): Assertion {
  if (reply.status >= 300) throw refusal(reply, nowMs, failure);
  const assertion = cut(reply, failure);
  const { notBeforeMs, notOnOrAfterMs } = assertion;
  const inTime = nowMs >= notBeforeMs - OWN_CLOCK_TOLERANCE_MS && nowMs < notOnOrAfterMs;
  if (inTime) return assertion;
  const aheadMs = (reply.dateMs ?? notBeforeMs) - nowMs;
  const valid = `${new Date(notBeforeMs).toISOString()} to ${new Date(notOnOrAfterMs).toISOString()}`;
  throw failure.fromClocks(reply.status, `${skewText(aheadMs)}: the assertion holds from ${valid}`);
}

function cut(reply: WireReply, failure: CallFailure): Assertion {
  try {
    return readAssertion(reply.bytes);
  } catch (error) {
    if (!(error instanceof XmlRefused)) throw error;
    throw failure.fromReply('malformed', reply.status, `does not read: ${error.message}`);
  }
}

function refusal(reply: WireReply, nowMs: number, failure: CallFailure): VsphereError {
  const { status, dateMs } = reply;
  const fault = readSoapFault(reply.bytes);
  if (!fault) {
    if (status < 400) return failure.fromReply('interrupted', status, 'is a redirect, which is not followed');
    return failure.fromRefusal(reply, { kind: status === 401 ? 'login-refused' : 'interrupted' });
  }
  const aheadMs = dateMs === undefined ? undefined : dateMs - nowMs;
  const differ = aheadMs !== undefined && Math.abs(aheadMs) > CLOCKS_AGREE_MS;
  if (CLOCK_FAULTS.has(fault.code) || (fault.code === MAYBE_CLOCK_FAULT && differ)) {
    const skew = aheadMs === undefined ? "its clock and this machine's differ" : skewText(aheadMs);
    return failure.fromClocks(status, `${skew}, and the server answered ${status} ${fault.code}`);
  }
  const kind = fault.code === 'FailedAuthentication' ? 'login-refused' : 'server-error';
  return failure.fromRefusal(reply, { kind, errorType: fault.code, serverText: fault.text });
}

const skewText = (aheadMs: number): string => describeSkew('vCenter', aheadMs, "this machine's");
