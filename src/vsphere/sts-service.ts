import { passwordOf, type Account } from './account';
import type { CallFailure } from './call-failure';
import type { Clock } from './clock';
import { CLOCKS_AGREE_MS, describeSkew } from './clock-skew';
import type { WireReply } from './exchange';
import type { HostWire, RequestBody } from './host-wire';
import { readAssertion, type Assertion } from './read-assertion';
import { readSoapFault } from './read-soap-fault';
import { sessionlessExchange } from './sessionless-exchange';
import { STS_ACTION, stsRequest } from './sts-request';
import type { VsphereCall } from './vsphere-call';
import type { VsphereError } from './vsphere-error';
import { escapeXml } from './xml-text';
import { XmlRefused } from './xml-tree';

/** The usual tolerance of directories. Nothing of ours depends on the wall clock, so less would only refuse what works. */
const OWN_CLOCK_TOLERANCE_MS = 5 * 60_000;

/** Faults that speak of time; the second one is also what any other flaw of the security header is called. */
const CLOCK_FAULTS: ReadonlySet<string> = new Set(['MessageExpired', 'InvalidTimeRange']);
const MAYBE_CLOCK_FAULT = 'InvalidSecurity';

export type IssueAssertion = (requestId?: string) => Promise<Assertion>;

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
    return failure.fromRefusal(status, {
      kind: status === 401 || status === 403 ? 'login-refused' : 'interrupted',
    });
  }
  const aheadMs = dateMs === undefined ? undefined : dateMs - nowMs;
  const differ = aheadMs !== undefined && Math.abs(aheadMs) > CLOCKS_AGREE_MS;
  if (CLOCK_FAULTS.has(fault.code) || (fault.code === MAYBE_CLOCK_FAULT && differ)) {
    const skew = aheadMs === undefined ? "its clock and this machine's differ" : skewText(aheadMs);
    return failure.fromClocks(status, `${skew}, and the server answered ${status} ${fault.code}`);
  }
  const kind = fault.code === 'FailedAuthentication' ? 'login-refused' : 'server-error';
  return failure.fromRefusal(status, { kind, errorType: fault.code, serverText: fault.text });
}

const skewText = (aheadMs: number): string => describeSkew('vCenter', aheadMs, "this machine's");
