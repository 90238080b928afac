import { gzipSync } from 'node:zlib';
import type { RunningSimulator } from '../../../src/simulator/running-simulator';
import { startSimulator } from '../../../src/simulator/start-simulator';
import { DrivenClock } from '../../simulator/driven-clock';

const TRUST = 'http://docs.oasis-open.org/ws-sx/ws-trust/200512';
let simulator: RunningSimulator;
const clock = new DrivenClock();

beforeAll(async () => {
  simulator = await startSimulator({ release: '8.0.3.0', clock, password: 'p<&"x' });
});
afterAll(() => simulator.stop());

async function issue(password: string): Promise<{ status: number; xml: string }> {
  const body =
    `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Header><wsse:Security><wsse:UsernameToken>` +
    `<wsse:Username>${simulator.username}</wsse:Username><wsse:Password Type="text">${password}</wsse:Password>` +
    `</wsse:UsernameToken></wsse:Security></S:Header><S:Body><wst:RequestSecurityToken xmlns:wst="${TRUST}">` +
    `<wst:TokenType>urn:oasis:names:tc:SAML:2.0:assertion</wst:TokenType>` +
    `<wst:RequestType>${TRUST}/Issue</wst:RequestType><wst:KeyType>${TRUST}/Bearer</wst:KeyType>` +
    `</wst:RequestSecurityToken></S:Body></S:Envelope>`;
  const headers = { 'content-type': 'text/xml' };
  const answer = await fetch(`${simulator.vcenterUrl}/sts/STSService`, { method: 'POST', headers, body });
  return { status: answer.status, xml: await answer.text() };
}

async function listStatus(assertion: string): Promise<number> {
  const authorization = `SIGN token="${gzipSync(assertion).toString('base64')}"`;
  const path = '/api/snapservice/clusters/domain-c8/virtual-machines';
  return (await fetch(`${simulator.applianceUrl}${path}`, { headers: { authorization } })).status;
}

const assertionOf = (xml: string) => /<saml2:Assertion.*<\/saml2:Assertion>/.exec(xml)?.[0] ?? '';

test('a signed assertion is good for half an hour, and a changed one never', async () => {
  const { status, xml } = await issue('p&lt;&amp;&quot;x');
  expect(status).toBe(200);
  const assertion = assertionOf(xml);
  expect(await listStatus(assertion)).toBe(200);
  expect(await listStatus(assertion.replace('administrator', 'root'))).toBe(401);
  clock.advance(32 * 60_000);
  expect(await listStatus(assertion)).toBe(401);
});

test('a wrong password is a SOAP fault that gives no reason', async () => {
  const { status, xml } = await issue('wrong');
  expect(status).toBe(500);
  expect(xml).toContain('ns0:FailedAuthentication');
});

test('there is no session resource', async () => {
  const answer = await fetch(`${simulator.applianceUrl}/api/snapservice/sessions`, { method: 'POST' });
  expect(answer.status).toBe(404);
  const about = await fetch(`${simulator.applianceUrl}/api/snapservice/info/about`);
  expect(await about.json()).toEqual({ version: '8.0.3.0' });
});
