import { gunzipSync } from 'node:zlib';
import { type RunningSimulator, startSimulator } from '../../../packages/simulator/src/start-simulator';
import type { SimulatorOptions } from '../../../packages/simulator/src/simulator-options';
import { omitUndefined } from '../../../src/contract/omit-undefined';
import { oddRelease, openConnection, VM_TASK_SERVICE, type VsphereConnection } from '../../../src/vsphere';
import { UNOBSERVED } from '../../../src/vsphere/wire/host-wire';
import { eventually } from '../../environment/eventually';
import { DrivenClock } from '../../simulator/driven-clock';
import { requestAssertion } from '../../simulator/request-assertion';
import { json, startLoopbackSite, vapi, type Answer, type LoopbackSite } from './loopback-site';
import { rejection } from './rejection';

const PASSWORD = `p<&"'] ü\t€`;
const WEB_01 = ['domain-c8', 'vm-1001'] as const;
let simulator: RunningSimulator;
let connection: VsphereConnection;
let driven: DrivenClock;
/** By how much this machine's date is ahead. */
let aheadMs = 0;
const others: { close(): Promise<void> }[] = [];

async function open(options: SimulatorOptions = {}, password: string = PASSWORD): Promise<void> {
  driven = new DrivenClock();
  aheadMs = 0;
  simulator = await startSimulator({ release: '8.0.3.0', clock: driven, password: PASSWORD, ...options });
  const { vcenterUrl, applianceUrl, username } = simulator;
  const clock = { nowMs: () => driven.now() + aheadMs, monotonicMs: () => driven.now() };
  connection = openConnection({ name: 'lab', vcenterUrl, applianceUrl, username, password }, { clock });
}

afterEach(async () => {
  for (const other of others.splice(0)) await other.close();
  await connection.close();
  await simulator.stop();
});

const noSessions: Answer = (_call, response) => vapi(response, 404, 'NOT_FOUND');

/** What the worker was warned of. */
const warnings: string[] = [];

/** A connection to servers of the test's own without sessions, under the same clock. */
function openOn(site: LoopbackSite): VsphereConnection {
  warnings.length = 0;
  site.answersAbout = true;
  site.onSession ??= noSessions;
  const settings = {
    name: 'lab',
    vcenterUrl: site.url,
    applianceUrl: site.url,
    username: 'w',
    password: 'p',
  };
  const clock = { nowMs: () => driven.now(), monotonicMs: () => driven.now() };
  const observer = { ...UNOBSERVED, warned: (warning: string) => void warnings.push(warning) };
  const other = openConnection(settings, { clock, observer });
  others.push(other, site);
  return other;
}

async function control(method: string, path: string, body?: object): Promise<unknown> {
  const answer = await fetch(`${simulator.controlUrl}${path}`, {
    method,
    ...omitUndefined({ body: body === undefined ? undefined : JSON.stringify(body) }),
  });
  return answer.status === 204 ? undefined : answer.json();
}
async function calls(operation: string): Promise<number> {
  const counts = (await control('GET', '/calls')) as { calls: Record<string, number> };
  return counts.calls[operation] ?? 0;
}
const snapshots = () => connection.appliance.listSnapshots(...WEB_01);
const nightly = async (): Promise<string> => (await snapshots()).items[0]?.snapshotId ?? '';

test('an appliance without sessions is read, cloned on and reverted on, with one assertion and one look at the release', async () => {
  await open();
  const snapshot = await nightly();
  const { appliance, vcenter } = connection;
  const clone = await appliance.startLinkedClone(...WEB_01, { snapshot, name: 'ci-1' });
  driven.advance(5000);
  const { status, resultId = '' } = await appliance.getTask(clone);
  expect(status).toBe('SUCCEEDED');
  await vcenter.deleteVm(resultId);
  const revert = await appliance.startRevert(...WEB_01, { snapshot });
  driven.advance(5000);
  expect((await appliance.getTask(revert)).status).toBe('SUCCEEDED');
  const tasks = await appliance.listTasks({ services: [VM_TASK_SERVICE] });
  const { user } = await appliance.whoAmI();
  expect(tasks.items.map(({ info }) => info.user)).toEqual([user, user]);
  const ledger = (await control('GET', '/ledger')) as { kind: string }[];
  expect(ledger.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['clone', 'delete', 'revert']));
  expect([await calls('sts.issue'), await calls('about'), await calls('appliance.login')]).toEqual([1, 1, 0]);
});

test('thirty calls at once ask once for the release and once for an assertion', async () => {
  await open();
  await Promise.all(Array.from({ length: 30 }, snapshots));
  expect([await calls('sts.issue'), await calls('about')]).toEqual([1, 1]);
});

test('an assertion is renewed before it ends, without a call that waits or is refused', async () => {
  await open({ samlLifetimeMs: 600_000 });
  await snapshots();
  driven.advance(470_000);
  await snapshots();
  expect(await calls('sts.issue')).toBe(1);
  driven.advance(20_000);
  await snapshots();
  await eventually('it is renewed', async () => (await calls('sts.issue')) === 2);
  driven.advance(300_000);
  await snapshots();
  expect([await calls('sts.issue'), await calls('snapshots.list')]).toEqual([2, 4]);
});

test('an assertion that ended while nothing was called is renewed before the next call', async () => {
  await open();
  await snapshots();
  driven.advance(3_600_000);
  await snapshots();
  expect([await calls('sts.issue'), await calls('snapshots.list')]).toEqual([2, 2]);
});

test('while the token service is away, an assertion serves to its end', async () => {
  await open({ samlLifetimeMs: 600_000 });
  await snapshots();
  await control('POST', '/faults', { operation: 'sts.issue', action: 'html' });
  driven.advance(500_000);
  await snapshots();
  await eventually('a renewal was tried', async () => (await calls('sts.issue')) >= 2);
  await snapshots();
  driven.advance(100_000);
  expect(await rejection(snapshots())).toMatchObject({
    kind: 'interrupted',
    effect: 'none',
    operation: 'sts.issue',
  });
});

test('an assertion that the appliance no longer takes is replaced for a read, and a start is refused', async () => {
  await open();
  const snapshot = await nightly();
  await control('POST', '/sessions/expire');
  await snapshots();
  expect(await calls('sts.issue')).toBe(2);
  await control('POST', '/sessions/expire');
  const start = () => connection.appliance.startRevert(...WEB_01, { snapshot });
  expect(await rejection(start())).toMatchObject({ kind: 'unauthenticated', effect: 'refused' });
  await start();
  expect(await calls('sts.issue')).toBe(3);
});

test('a wrong password is tried once a minute for both hosts together, and not shown', async () => {
  await open({}, 'secret-but-wrong');
  const refused = await rejection(snapshots());
  expect(refused).toMatchObject({
    kind: 'login-refused',
    effect: 'none',
    operation: 'sts.issue',
    errorType: 'FailedAuthentication',
  });
  expect(refused.message).not.toContain('secret-but-wrong');
  driven.advance(59_999);
  expect(await rejection(connection.appliance.startRevert(...WEB_01, { snapshot: 's' }))).toBe(refused);
  expect(await rejection(connection.vcenter.listDatacenters({}))).toBe(refused);
  driven.advance(1);
  await rejection(snapshots());
  expect([await calls('sts.issue'), await calls('vcenter.login')]).toEqual([2, 0]);
});

test('this machine ahead by twelve minutes: the token service refuses, and the message names the skew', async () => {
  await open();
  aheadMs = 12 * 60_000;
  const error = await rejection(snapshots());
  expect(error).toMatchObject({ kind: 'clock-skew', effect: 'none', operation: 'sts.issue' });
  expect(error.message).toMatch(
    /the clock of vCenter is (12 min|11 min 59 s|12 min 1 s) behind this machine's/,
  );
  aheadMs = 0;
  await snapshots();
});

test('this machine behind by seven minutes: an assertion that is not yet good here is named', async () => {
  await open();
  aheadMs = -7 * 60_000;
  const error = await rejection(snapshots());
  expect(error.message).toMatch(
    /vCenter is 7 min ahead of this machine's: the assertion holds from 2026-04-12T12:00/,
  );
  aheadMs = -30_000;
  await snapshots();
});

test('the appliance behind vCenter by ten minutes: its refusal is put down to its clock, once, without a new assertion', async () => {
  await open({ clockSkewMs: -600_000 });
  const error = await rejection(snapshots());
  expect(error).toMatchObject({ kind: 'clock-skew', operation: 'snapshots.list', status: 401 });
  expect(error.message).toMatch(/the snapshot appliance is (10 min|9 min 59 s|10 min 1 s) behind vCenter's/);
  const start = await rejection(connection.appliance.startRevert(...WEB_01, { snapshot: 's' }));
  expect(start).toMatchObject({ kind: 'clock-skew', effect: 'refused' });
  await control('PATCH', '/settings', { clockSkewMs: 0 });
  await snapshots();
  expect(await calls('sts.issue')).toBe(1);
});

const HIDDEN = { status: 401, errorType: 'UNAUTHENTICATED' };

test('an appliance that hides its release is asked for a session first, and then takes an assertion', async () => {
  await open();
  await control('POST', '/faults', { operation: 'about', action: HIDDEN });
  await snapshots();
  expect(await calls('sts.issue')).toBe(1);
});

test.each(['9.0.0.0', '9.1.0.0'])(
  'an appliance of %s gets a session, also one that hides its release',
  async (release) => {
    await open({ release });
    await control('POST', '/faults', { operation: 'about', action: HIDDEN, count: 1 });
    await snapshots();
    expect([await calls('appliance.login'), await calls('sts.issue')]).toEqual([1, 0]);
    expect(await connection.appliance.whoAmI()).toEqual({ user: simulator.username });
  },
);

test('an appliance that was upgraded meanwhile is logged in to in its new way', async () => {
  await open();
  let version = '8.0.3.0';
  const assertion = (await requestAssertion(simulator, { nowMs: driven.now() })).xml;
  const site = await startLoopbackSite((call, response) => {
    if (call.url.startsWith('/sts/')) return void response.writeHead(200).end(assertion);
    if (call.url.endsWith('/about')) return json(response, 200, { version });
    const wanted = version === '8.0.3.0' ? 'authorization' : 'vmware-api-session-id';
    // The servers of this test show no clock.
    response.sendDate = false;
    if (call.headers[wanted] === undefined) return vapi(response, 401, 'UNAUTHENTICATED');
    json(response, 200, { items: [] });
  });
  const other = openOn(site);
  await other.appliance.listSnapshots(...WEB_01);
  expect(site.logins()).toHaveLength(1);
  version = '9.0.0.0';
  delete site.onSession;
  expect(await other.appliance.listSnapshots(...WEB_01)).toEqual({ items: [] });
  expect(site.logins()).toHaveLength(2);
  expect(site.work().at(-1)?.headers['vmware-api-session-id']).toBe('session-2');
});

test.each(['8.0.2.0', '7.0.3.0', '10.0.0.0', 'next', '9', '8.0.u3'])(
  'an appliance of release %s is used, by the login that it has, and the worker is warned once',
  async (version) => {
    await open();
    const site = await startLoopbackSite((call, response) =>
      json(response, 200, call.url.endsWith('/about') ? { version } : { items: [] }),
    );
    site.onSession = (call, response) =>
      call.method === 'POST' ? json(response, 201, 'odd') : void response.writeHead(204).end();
    const other = openOn(site);
    expect(await other.appliance.listSnapshots(...WEB_01)).toEqual({ items: [] });
    expect(await other.appliance.listSnapshots(...WEB_01)).toEqual({ items: [] });
    expect(site.work().map(({ headers }) => headers['vmware-api-session-id'])).toEqual(['odd', 'odd']);
    expect(warnings).toEqual([
      `snapshot appliance: release ${version} is none of those that Snapflow was written for (8.0.3 and later 8.0 releases, and 9.x)`,
    ]);
  },
);

test.each(['8.0.3-24057802', 'v9.0.0', '8.0.3.00100', '9.1.0.0-build.7'])(
  'release %s is no odd one, however it is written',
  (version) => expect(oddRelease(version)).toBeUndefined(),
);

const page: Answer = (_call, response) => void response.writeHead(404).end('<html>no such page</html>');
const ELSEWHERE: [string, Answer][] = [
  ['a page with 200', (_call, response) => void response.writeHead(200).end('<html>router</html>')],
  ['a page with 404', page],
  ['a 401 of its own', (_call, response) => void response.writeHead(401).end()],
  ['a 403 of its own', (_call, response) => void response.writeHead(403).end('<html>no</html>')],
  ['JSON without a version', (_call, response) => json(response, 200, { name: 'router' })],
  ['a 404 of the API', (_call, response) => vapi(response, 404, 'NOT_FOUND')],
];

test.each(ELSEWHERE)(
  'a server that answers the first look with %s is told no password',
  async (_what, about) => {
    await open();
    const site = await startLoopbackSite(about);
    const other = openOn(site);
    const error = await rejection(other.appliance.startRevert(...WEB_01, { snapshot: 's' }));
    expect(error.operation).toBe('about');
    expect(site.calls.map(({ method, headers }) => [method, headers.authorization])).toEqual([
      ['GET', undefined],
    ]);
  },
);

test('a session resource that a gateway answers with 404 leads to no assertion, and is asked again', async () => {
  await open();
  const site = await startLoopbackSite((call, response) =>
    json(response, 200, call.url.endsWith('/about') ? { version: '8.0.3.0' } : { items: [] }),
  );
  site.onSession = page;
  const other = openOn(site);
  expect(await rejection(other.appliance.getTask('t'))).toMatchObject({
    operation: 'appliance.login',
    status: 404,
  });
  expect(site.calls.filter(({ url }) => url.startsWith('/sts/'))).toEqual([]);
  delete site.onSession;
  expect(await other.appliance.listSnapshots(...WEB_01)).toEqual({ items: [] });
});

test('the assertion reaches the appliance byte for byte as it was issued', async () => {
  await open();
  const issued =
    'x\u00a0<a:Assertion\tB=\'1\' xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion"\r\n>' +
    '<a:Advice><a:Assertion xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion"/></a:Advice><!-- </a:Assertion> -->' +
    '<![CDATA[</a:Assertion>ß]]><a:Subject><a:NameID>j&#xf6;rg &amp; <!-- x -->co</a:NameID></a:Subject>' +
    '<a:Conditions NotOnOrAfter="2026-04-12T12:10:00Z" NotBefore=\'2026-04-12T12:00:00.001Z\'></a:Conditions></a:Assertion >';
  const assertion = issued.slice(2);
  const reply = `<?xml version="1.0"?>\r\n<S:Envelope><S:Body><w:RequestedSecurityToken>${assertion}</w:RequestedSecurityToken></S:Body></S:Envelope>`;
  const site = await startLoopbackSite((call, response) => {
    if (call.url.startsWith('/sts/')) return void response.writeHead(200).end(reply);
    json(response, 200, call.url.endsWith('/about') ? { version: '8.0.3.0' } : { items: [] });
  });
  const other = openOn(site);
  await other.appliance.listSnapshots(...WEB_01);
  const header = String(site.calls.at(-1)?.headers.authorization);
  const token = /^SIGN token="([A-Za-z0-9+/=]+)"$/.exec(header)?.[1] ?? '';
  expect(gunzipSync(Buffer.from(token, 'base64')).equals(Buffer.from(assertion))).toBe(true);
  expect(await other.appliance.whoAmI()).toEqual({ user: 'jörg & co' });
});

test.each([
  ['a page', '<html><p>hello</html>'],
  ['a document type', '<!DOCTYPE x [<!ENTITY a "b">]><x/>'],
  ['no assertion', '<E><RequestedSecurityToken/></E>'],
  [
    'an assertion whose namespace is declared further out',
    '<E xmlns:s="urn:oasis:names:tc:SAML:2.0:assertion"><RequestedSecurityToken><s:Assertion/></RequestedSecurityToken></E>',
  ],
  ['a cut reply', '<E><RequestedSecurityToken><Assertion'],
  ['elements without end', '<a>'.repeat(100)],
])('a token service that answers with %s is malformed', async (_what, reply) => {
  await open();
  const site = await startLoopbackSite((call, response) =>
    call.url.startsWith('/sts/')
      ? void response.writeHead(200).end(reply)
      : json(response, 200, { version: '8.0.3.0' }),
  );
  const other = openOn(site);
  expect(await rejection(other.appliance.getTask('t'))).toMatchObject({
    kind: 'malformed',
    operation: 'sts.issue',
  });
});

test('a vCenter whose VI/JSON takes no other session gets a login of its own, once, and a logout', async () => {
  await open({ sdkSessions: 'own' });
  const vm = { type: 'VirtualMachine', id: 'vm-1001' };
  const check = () => connection.privileges.check([vm], ['System.Read']);
  expect(await check()).toEqual([{ entity: vm, granted: { 'System.Read': true } }]);
  await check();
  await connection.close();
  expect([await calls('vijson.login'), await calls('vijson.logout')]).toEqual([1, 1]);
  expect(await control('GET', '/calls')).toMatchObject({ openSessions: 0 });
});
