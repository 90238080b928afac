import { type RunningSimulator, startSimulator } from '../../../packages/simulator/src/start-simulator';
import { omitUndefined } from '../../../src/contract/omit-undefined';
import { openConnection, type VsphereConnection } from '../../../src/vsphere';
import { eventually } from '../../environment/eventually';
import { DrivenClock } from '../../simulator/driven-clock';
import { rejection } from './rejection';

const WEB_01 = ['domain-c8', 'vm-1001'] as const;
const MINUTE_MS = 60_000;
let simulator: RunningSimulator;
let connection: VsphereConnection;
let clock: DrivenClock;

beforeEach(async () => {
  clock = new DrivenClock();
  simulator = await startSimulator({ clock });
  const { vcenterUrl, applianceUrl, username, password } = simulator;
  const seams = { clock: { nowMs: () => clock.now(), monotonicMs: () => clock.now() } };
  connection = openConnection({ name: 'lab', vcenterUrl, applianceUrl, username, password }, seams);
});

afterEach(async () => {
  await connection.close();
  await simulator.stop();
});

async function control(method: string, path: string, body?: object): Promise<unknown> {
  const answer = await fetch(`${simulator.controlUrl}${path}`, {
    method,
    ...omitUndefined({ body: body === undefined ? undefined : JSON.stringify(body) }),
  });
  expect(answer.ok).toBe(true);
  return answer.status === 204 ? undefined : answer.json();
}

const expire = () => control('POST', '/sessions/expire');
const told = (endedSessions: 'page' | 'legacy') => control('PATCH', '/settings', { endedSessions });
const page = (operation: string, more: object = {}) =>
  control('POST', '/faults', { operation, action: { status: 403 }, ...more });
const ledger = async () => (await control('GET', '/ledger')) as { kind: string }[];
const snapshots = async () => (await connection.appliance.listSnapshots(...WEB_01)).items;

async function counts(...operations: string[]): Promise<number[]> {
  const { calls } = (await control('GET', '/calls')) as { calls: Record<string, number> };
  return operations.map((operation) => calls[operation] ?? 0);
}

const openSessions = async () => ((await control('GET', '/calls')) as { openSessions: number }).openSessions;

test.each(['page', 'legacy'] as const)(
  'twenty reads whose session has ended, told as %s: one question, one new login, and each is answered',
  async (how) => {
    await snapshots();
    await told(how);
    await expire();
    const lists = await Promise.all(Array.from({ length: 20 }, snapshots));
    expect(lists.every((list) => list.length === 5)).toBe(true);
    expect(await counts('appliance.session', 'appliance.login')).toEqual([1, 2]);
  },
);

test.each(['page', 'legacy'] as const)(
  'a start whose session has ended, told as %s, is posted once without an effect, and the next one finds a new session',
  async (how) => {
    const snapshot = (await snapshots())[0]?.snapshotId ?? '';
    await told(how);
    await expire();
    const start = () => connection.appliance.startLinkedClone(...WEB_01, { snapshot, name: 'ci-1' });
    await rejection(start());
    await eventually('a login is asked for', async () => (await counts('appliance.session'))[0] === 1);
    await snapshots();
    await start();
    clock.advance(5_000);
    expect((await ledger()).map(({ kind }) => kind)).toEqual(['clone']);
    expect(await counts('linkedClone', 'appliance.login')).toEqual([2, 2]);
  },
);

test.each(['page', 'legacy'] as const)(
  'a session of vCenter that has ended, told as %s, is replaced for REST and VI/JSON',
  async (how) => {
    const vm = { type: 'VirtualMachine', id: 'vm-1001' };
    await connection.privileges.check([vm], ['System.Read']);
    await told(how);
    await expire();
    const [answer] = await connection.privileges.check([vm], ['System.Read']);
    expect(answer?.granted).toEqual({ 'System.Read': true });
    expect((await connection.vcenter.listDatacenters({})).length).toBe(1);
    expect(await counts('vcenter.session', 'vcenter.login', 'vijson.login')).toEqual([1, 2, 0]);
  },
);

test("a session of VI/JSON's own that has ended, told as a page, is asked about there and replaced", async () => {
  await control('PATCH', '/settings', { sdkSessions: 'own' });
  const vm = { type: 'VirtualMachine', id: 'vm-1001' };
  const check = () => connection.privileges.check([vm], ['System.Read']);
  await check();
  await told('page');
  await expire();
  const [answer] = await check();
  expect(answer?.granted).toEqual({ 'System.Read': true });
  expect(await counts('vijson.login')).toEqual([2]);
});

test('a gateway that shuts one path leaves the session alone, and is asked about once a minute', async () => {
  await connection.appliance.whoAmI();
  await page('snapshots.list');
  for (let call = 0; call < 5; call += 1) await rejection(snapshots());
  expect(await counts('appliance.session', 'appliance.login')).toEqual([2, 1]);
  clock.advance(MINUTE_MS);
  await rejection(snapshots());
  expect(await counts('appliance.session', 'appliance.login')).toEqual([3, 1]);
});

test('a session resource that gives no answer of its own replaces nothing', async () => {
  await connection.appliance.whoAmI();
  await page('snapshots.list');
  await control('POST', '/faults', { operation: 'appliance.session', action: 'html' });
  await rejection(snapshots());
  expect(await counts('appliance.session', 'appliance.login')).toEqual([2, 1]);
});

test('a session that never worked is not asked about', async () => {
  await page('snapshots.list');
  await rejection(snapshots());
  expect(await counts('appliance.session', 'appliance.login')).toEqual([0, 1]);
});

test('while every session is denied, logins double their pauses from a minute to an hour, and each old session is ended', async () => {
  await connection.appliance.whoAmI();
  await page('snapshots.list');
  await page('appliance.session');
  const loginsAt: number[] = [];
  const beganMs = clock.now();
  let seen = 1;
  for (let minute = 0; minute <= 300; minute += 1) {
    await rejection(snapshots());
    await connection.appliance.listTasks({ services: ['x'] });
    const [logins = 0] = await counts('appliance.login');
    if (logins > seen) loginsAt.push((clock.now() - beganMs) / MINUTE_MS);
    seen = logins;
    clock.advance(MINUTE_MS);
  }
  expect(loginsAt).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183, 243]);
  await eventually('one session is open', async () => (await openSessions()) === 1);
});

test('a session that lasted is replaced at once again, however often its predecessors ended', async () => {
  await told('page');
  for (let day = 0; day < 8; day += 1) {
    await snapshots();
    await expire();
    expect(await snapshots()).toHaveLength(5);
    clock.advance(20 * MINUTE_MS);
  }
  expect(await counts('appliance.login')).toEqual([9]);
});
