import { gzipSync } from 'node:zlib';
import { type RunningSimulator, startSimulator } from '../../../packages/simulator/src/start-simulator';
import { DrivenClock } from '../../simulator/driven-clock';
import { bearerAssertion, requestAssertion } from '../../simulator/request-assertion';

let simulator: RunningSimulator;
const clock = new DrivenClock();

beforeAll(async () => {
  simulator = await startSimulator({ release: '8.0.3.0', clock, password: 'p<&"x' });
});
afterAll(() => simulator.stop());

const request = (change: { password?: string; nowMs?: number } = {}) =>
  requestAssertion(simulator, { nowMs: clock.now(), ...change });

async function listItem(
  assertion: string,
  quote = '"',
): Promise<{ status: number; info: object | undefined }> {
  const authorization = `SIGN token=${quote}${gzipSync(assertion).toString('base64')}${quote}`;
  const path = '/api/snapservice/clusters/domain-c8/virtual-machines';
  const answer = await fetch(`${simulator.applianceUrl}${path}`, { headers: { authorization } });
  const { items } = (await answer.json()) as { items?: { info: object }[] };
  return { status: answer.status, info: items?.[0]?.info };
}
const listStatus = async (assertion: string) => (await listItem(assertion)).status;
const settings = (patch: object) =>
  fetch(`${simulator.controlUrl}/settings`, { method: 'PATCH', body: JSON.stringify(patch) });

test('a signed assertion is good for half an hour, with and without quotes around the token', async () => {
  const assertion = bearerAssertion((await request()).xml);
  expect(await listStatus(assertion)).toBe(200);
  expect((await listItem(assertion, '')).status).toBe(200);
  expect(await listStatus('<nothing/>')).toBe(401);
  clock.advance(32 * 60_000);
  expect(await listStatus(assertion)).toBe(401);
});

const SAML = 'xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion"';

test.each<[string, (xml: string) => string]>([
  ['with other line ends within tags', (xml) => xml.replaceAll('\r\n', ' ')],
  ['with other quotes', (xml) => xml.replace("Version='2.0'", 'Version="2.0"')],
  [
    'with its attributes in another order',
    (xml) => xml.replace("Version='2.0'", '').replace(SAML, `${SAML} Version="2.0"`),
  ],
  ['without its comments', (xml) => xml.replaceAll(/<!--[^]*?-->/g, '')],
  [
    'with CDATA as text',
    (xml) =>
      xml.replaceAll(/<!\[CDATA\[([^]*?)\]\]>/g, (_all, text: string) =>
        text.replaceAll('&', '&amp;').replaceAll('<', '&lt;'),
      ),
  ],
  [
    'with an end tag for an empty element',
    (xml) => xml.replace(/NotBefore="([^"]*)"\/>/, 'NotBefore="$1"></saml2:Conditions>'),
  ],
  ['with a namespace that is said again', (xml) => xml.replace('<saml2:Subject>', `<saml2:Subject ${SAML}>`)],
  [
    'with a namespace that nothing uses',
    (xml) => xml.replace(SAML, `${SAML} xmlns:xs="http://www.w3.org/2001/XMLSchema"`),
  ],
])('an assertion that was written anew %s is as good', async (_how, write) => {
  const assertion = bearerAssertion((await request()).xml);
  const anew = write(assertion);
  expect(anew).not.toBe(assertion);
  expect(await listStatus(anew)).toBe(200);
});

test.each<[string, (xml: string) => string]>([
  ['another user', (xml) => xml.replace('administrator', 'root')],
  ['another text', (xml) => xml.replace('Größe', 'Grösse')],
  ['another end', (xml) => xml.replace(/NotOnOrAfter='20/, "NotOnOrAfter='21")],
  ['another prefix', (xml) => xml.replaceAll('saml2:', 'a:').replace('xmlns:saml2', 'xmlns:a')],
  ['another namespace', (xml) => xml.replace('SAML:2.0:assertion', 'SAML:2.1:assertion')],
  ['an element more', (xml) => xml.replace('<saml2:Subject>', '<saml2:Advice/><saml2:Subject>')],
  ['no end', (xml) => xml.replace(/<\/saml2:Assertion\s*>$/, '')],
  ['another signature', (xml) => xml.replace(/[\w+/=]+<\/ds:SignatureValue>/, 'AAAA</ds:SignatureValue>')],
])('an assertion with %s is a forgery', async (_what, forge) => {
  const assertion = bearerAssertion((await request()).xml);
  const forged = forge(assertion);
  expect(forged).not.toBe(assertion);
  expect(await listStatus(forged)).toBe(401);
});

test('an assertion lives as long as the setting says', async () => {
  await settings({ samlLifetimeMs: 1000 });
  const assertion = bearerAssertion((await request()).xml);
  clock.advance(62_000);
  expect(await listStatus(assertion)).toBe(401);
  await settings({ samlLifetimeMs: 1_800_000 });
});

test('an appliance whose clock is behind does not take a fresh assertion', async () => {
  const assertion = bearerAssertion((await request()).xml);
  await settings({ clockSkewMs: -120_000 });
  expect(await listStatus(assertion)).toBe(401);
  await settings({ clockSkewMs: 0 });
  expect(await listStatus(assertion)).toBe(200);
});

test('a wrong password is a SOAP fault that gives no reason', async () => {
  const { status, xml } = await request({ password: 'wrong' });
  expect(status).toBe(500);
  expect(xml).toContain('ns0:FailedAuthentication');
});

test('a request of another hour has expired, and one without a time is invalid', async () => {
  expect((await request({ nowMs: clock.now() - 3_600_000 })).xml).toContain('ns0:MessageExpired');
  expect((await request({ nowMs: NaN })).xml).toContain('ns0:InvalidSecurity');
});

test('there is no session resource, and what came with 9.1 is missing', async () => {
  const answer = await fetch(`${simulator.applianceUrl}/api/snapservice/sessions`, { method: 'POST' });
  expect(answer.status).toBe(404);
  const about = await fetch(`${simulator.applianceUrl}/api/snapservice/info/about`);
  expect(await about.json()).toEqual({ version: '8.0.3.0' });
  const { info } = await listItem(bearerAssertion((await request()).xml));
  expect(Object.keys(info ?? {})).toContain('in_cluster');
  expect(Object.keys(info ?? {})).not.toContain('bios_uuid');
});

test('an inventory with snapshots of 9.1 is refused', async () => {
  const world = (await (await fetch(`${simulator.controlUrl}/state`)).json()) as {
    inventory: { snapshots: { id: string; type: string }[] };
  };
  const inventory = JSON.parse(JSON.stringify(world.inventory)) as never;
  world.inventory.snapshots.splice(1);
  const staged = {
    ...(inventory as object),
    snapshots: [{ ...world.inventory.snapshots[0], type: 'STAGED' }],
  };
  await expect(startSimulator({ release: '9.0.0.0', inventory: staged as never })).rejects.toThrow(/STAGED/);
});

test.each([
  [['9.1.0.0', '9.0.0.0', '8.0.3.0'], '8.0.3.0'],
  [['9.1.0.0'], ''],
  [['8.0.2.0', '8.0.3.0'], '8.0.2.0'],
])('hello with %j agrees on "%s"', async (releases, agreed) => {
  const answer = await fetch(`${simulator.vcenterUrl}/api/vcenter/system?action=hello`, {
    method: 'POST',
    body: JSON.stringify({ api_releases: releases }),
  });
  expect(await answer.json()).toEqual({ api_release: agreed });
});

test.each([
  ['8.0.2.0', 200],
  ['8.0.3.0', 200],
  ['9.0.0.0', 404],
])('a path of release %s is answered %i', async (release, status) => {
  const path = `/sdk/vim25/${release}/ServiceInstance/ServiceInstance/content`;
  expect((await fetch(`${simulator.vcenterUrl}${path}`)).status).toBe(status);
});
