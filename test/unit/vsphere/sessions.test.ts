import {
  openConnection,
  type Clock,
  type VsphereConnection,
  type VsphereSettings,
} from '../../../src/vsphere';
import {
  json,
  startLoopbackSite,
  vapi,
  type Answer,
  type LoopbackSite,
  type SeenCall,
} from './loopback-site';
import { rejection } from './rejection';

const PASSWORD = 'correct-horse-battery';
let site: LoopbackSite;
let connection: VsphereConnection;
let monotonicMs = 0;
const clock: Clock = { nowMs: () => 0, monotonicMs: () => monotonicMs };

async function open(answer: Answer, more: Partial<VsphereSettings> = {}): Promise<void> {
  monotonicMs = 0;
  site = await startLoopbackSite(answer);
  const urls = { vcenterUrl: site.url, applianceUrl: site.url };
  const account = { username: 'worker@vsphere.local', password: PASSWORD };
  connection = openConnection({ name: 'lab', ...urls, ...account, ...more }, { clock });
}

afterEach(async () => {
  await connection.close();
  await site.close();
});

const sessionOf = (call: SeenCall): string => String(call.headers['vmware-api-session-id']);
const user: Answer = (_call, response) => json(response, 200, { user: 'worker' });
const whoAmI = () => connection.appliance.whoAmI();

test('fifty reads at once share one login and at most the given connections', async () => {
  await open(user, { maxConnections: 3 });
  await Promise.all(Array.from({ length: 50 }, whoAmI));
  expect(site.logins()).toHaveLength(1);
  expect(site.logins()[0]?.headers.authorization).toBe(
    `Basic ${Buffer.from(`worker@vsphere.local:${PASSWORD}`).toString('base64')}`,
  );
  expect(new Set(site.work().map(sessionOf))).toEqual(new Set(['session-1']));
  expect(site.connections()).toBeLessThanOrEqual(4); // the login's own and three of the pool
});

test('each host has its own session', async () => {
  await open((call, response) =>
    json(response, 200, call.url.startsWith('/api/vcenter') ? [] : { user: 'worker' }),
  );
  await whoAmI();
  await connection.vcenter.listDatacenters({});
  expect(site.logins().map(({ url }) => url)).toEqual(['/api/snapservice/sessions', '/api/session']);
});

const EXPIRED: [string, Answer][] = [
  ['401', (_call, response) => vapi(response, 401, 'UNAUTHENTICATED')],
  ['an authentication fault inside a 500', (_call, response) => vapi(response, 500, 'UNAUTHENTICATED')],
  ['a NotAuthenticated fault', (_call, response) => json(response, 500, { _typeName: 'NotAuthenticated' })],
];

test.each(EXPIRED)(
  'twenty reads that meet %s share one new login and are each repeated once',
  async (_what, expire) => {
    await open((call, response) =>
      sessionOf(call) === 'session-1' ? expire(call, response) : user(call, response),
    );
    const users = await Promise.all(Array.from({ length: 20 }, whoAmI));
    expect(users).toEqual(Array.from({ length: 20 }, () => ({ user: 'worker' })));
    expect(site.logins()).toHaveLength(2);
    const repeated = site.work().filter((call) => sessionOf(call) === 'session-1');
    expect(site.work()).toHaveLength(20 + repeated.length);
  },
);

test('a read refused with the new session too fails, without a third login', async () => {
  await open((_call, response) => vapi(response, 401, 'UNAUTHENTICATED'));
  expect(await rejection(whoAmI())).toMatchObject({
    kind: 'unauthenticated',
    operation: 'appliance.session',
  });
  expect(site.logins()).toHaveLength(2);
  expect(site.work()).toHaveLength(2);
});

test('a start that meets an expired session is refused, not repeated, and the next call logs in anew', async () => {
  await open((call, response) =>
    sessionOf(call) === 'session-1' ? vapi(response, 401, 'UNAUTHENTICATED') : json(response, 202, 'task-1'),
  );
  const start = () => connection.appliance.startRevert('c', 'vm-1', { snapshot: 's' });
  expect(await rejection(start())).toMatchObject({ kind: 'unauthenticated', effect: 'refused' });
  expect(site.work()).toHaveLength(1);
  expect(await start()).toBe('task-1');
  expect(site.logins()).toHaveLength(2);
});

test('a refused login is repeated at most once a minute and fails at once with the same error until then', async () => {
  await open(user);
  site.onSession = (_call, response) => vapi(response, 401, 'UNAUTHENTICATED');
  const first = await rejection(whoAmI());
  expect(first).toMatchObject({
    kind: 'login-refused',
    effect: 'none',
    operation: 'appliance.login',
    status: 401,
  });
  monotonicMs = 59_999;
  expect(await rejection(whoAmI())).toBe(first);
  expect(await rejection(connection.appliance.startRevert('c', 'v', { snapshot: 's' }))).toBe(first);
  expect(site.logins()).toHaveLength(1);
  monotonicMs = 60_000;
  await rejection(whoAmI());
  expect(site.logins()).toHaveLength(2);
  delete site.onSession;
  monotonicMs = 120_000;
  expect(await whoAmI()).toEqual({ user: 'worker' });
});

test('a login that is answered "no room" is not taken for a refused account', async () => {
  await open(user);
  site.onSession = (_call, response) => vapi(response, 503, 'SERVICE_UNAVAILABLE');
  expect(await rejection(whoAmI())).toMatchObject({ kind: 'unavailable', operation: 'appliance.login' });
  delete site.onSession;
  expect(await whoAmI()).toEqual({ user: 'worker' });
});

test('a start whose login fails had no effect', async () => {
  await open(user);
  site.onSession = (_call, response) => void response.socket?.destroy();
  const error = await rejection(connection.appliance.startRevert('c', 'v', { snapshot: 's' }));
  expect(error).toMatchObject({ kind: 'interrupted', effect: 'none', operation: 'appliance.login' });
});

test('a start whose login takes longer than the call may had no effect', async () => {
  await open(user, { callDeadlineMs: 150 });
  site.onSession = () => undefined;
  const error = await rejection(connection.appliance.startRevert('c', 'v', { snapshot: 's' }));
  expect(error.effect).toBe('none');
  expect(site.work()).toHaveLength(0);
});

test.each([[{ token: 'x' }], [''], ['two\nlines'], [null]])(
  'a login answered %j is malformed',
  async (body) => {
    await open(user);
    site.onSession = (_call, response) => json(response, 201, body);
    expect(await rejection(whoAmI())).toMatchObject({ kind: 'malformed', operation: 'appliance.login' });
  },
);

test('a session header in a reply replaces the session', async () => {
  await open((call, response) => {
    if (sessionOf(call) === 'session-1') response.setHeader('vmware-api-session-id', 'other');
    user(call, response);
  });
  await whoAmI();
  await whoAmI();
  expect(site.work().map(sessionOf)).toEqual(['session-1', 'other']);
});

test('a refusal that names the refused session again leads to a new login all the same', async () => {
  await open((call, response) => {
    if (sessionOf(call) !== 'session-1') return user(call, response);
    response.setHeader('vmware-api-session-id', 'dead');
    vapi(response, 401, 'UNAUTHENTICATED');
  });
  await whoAmI();
  expect(site.work().map(sessionOf)).toEqual(['session-1', 'session-2']);
});

test('a session that the server refuses is ended, so that one refused by mistake does not stay open', async () => {
  await open((call, response) =>
    sessionOf(call) === 'session-1' ? vapi(response, 401, 'UNAUTHENTICATED') : user(call, response),
  );
  await Promise.all([whoAmI(), whoAmI(), whoAmI()]);
  await connection.close();
  const logouts = site.calls.filter(({ method }) => method === 'DELETE');
  expect(logouts.map(sessionOf).toSorted()).toEqual(['session-1', 'session-2']);
});

test('close logs out of each host that was used, once, and is harmless when repeated', async () => {
  await open(user);
  await whoAmI();
  await connection.close();
  await connection.close();
  const logouts = site.calls.filter(({ method }) => method === 'DELETE');
  expect(logouts.map(({ url }) => url)).toEqual(['/api/snapservice/sessions']);
  expect(logouts.map(sessionOf)).toEqual(['session-1']);
});

test('a login under way while the connection closes is logged out too', async () => {
  await open(user);
  let finish: () => void = () => undefined;
  const arrived = new Promise<void>((resolve) => {
    site.onSession = (call, response) => {
      if (call.method === 'DELETE') {
        response.writeHead(204).end();
        return;
      }
      finish = () => json(response, 201, 'late');
      resolve();
    };
  });
  const read = rejection(whoAmI());
  await arrived;
  const closed = connection.close();
  finish();
  await closed;
  expect(await read).toMatchObject({ kind: 'unreachable', effect: 'none' });
  expect(site.calls.filter(({ method }) => method === 'DELETE').map(sessionOf)).toEqual(['late']);
});

test('the password is asked anew at each login', async () => {
  const passwords = ['first', 'second'];
  await open(
    (call, response) =>
      sessionOf(call) === 'session-1' ? vapi(response, 401, 'UNAUTHENTICATED') : user(call, response),
    {
      password: async () => passwords.shift() ?? 'none left',
    },
  );
  await whoAmI();
  expect(
    site.logins().map((call) => atob(String(call.headers.authorization).slice(6)).split(':')[1]),
  ).toEqual(['first', 'second']);
});

test('no error of a login shows password or credentials, whatever the server and the password source say', async () => {
  const encoded = Buffer.from(`worker@vsphere.local:${PASSWORD}`).toString('base64');
  const shown = (error: Error): string =>
    `${error.message} ${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`;
  await open(user);
  site.onSession = (_call, response) => vapi(response, 401, 'UNAUTHENTICATED', `bad ${PASSWORD} ${encoded}`);
  const refused = shown(await rejection(whoAmI()));
  expect(refused).toContain('bad [secret] [secret]');
  expect(refused).not.toContain(PASSWORD);
  expect(refused).not.toContain(encoded);
  const failing = openConnection({
    name: 'lab',
    vcenterUrl: site.url,
    applianceUrl: site.url,
    username: 'worker',
    password: () => Promise.reject(new Error(`cannot parse ${PASSWORD}`)),
  });
  const unread = await rejection(failing.appliance.whoAmI());
  await failing.close();
  expect(unread).toMatchObject({ kind: 'login-refused', effect: 'none' });
  expect(shown(unread)).not.toContain(PASSWORD);
});

test.each(['\u00e9t\u00e9', 'a b', 'x'.repeat(5000)])(
  'a session that no header can carry is not taken from one (%#)',
  async (odd) => {
    await open((call, response) => {
      response.setHeader('vmware-api-session-id', Buffer.from(odd, 'utf8').toString('latin1'));
      user(call, response);
    });
    await whoAmI();
    await whoAmI();
    expect(site.work().map(sessionOf)).toEqual(['session-1', 'session-1']);
  },
);

test('the session that a reply names is hidden at once, and is used from the next call on only if the reply is good', async () => {
  let calls = 0;
  await open((call, response) => {
    calls += 1;
    response.setHeader('vmware-api-session-id', `named-${calls}`);
    if (calls === 1) user(call, response);
    else vapi(response, 400, 'INVALID_ARGUMENT', `you are named-1, soon named-${calls}`);
  });
  await whoAmI();
  const error = await rejection(whoAmI());
  expect(error.serverText).toBe('you are [secret], soon [secret]');
  await rejection(whoAmI());
  expect(site.work().map(sessionOf)).toEqual(['session-1', 'named-1', 'named-1']);
});

test('the password stays hidden in every form, however many sessions came since', async () => {
  let calls = 0;
  const forms = [
    PASSWORD,
    Buffer.from(PASSWORD).toString('hex'),
    encodeURIComponent(PASSWORD),
    Buffer.from(`x${PASSWORD}`).toString('base64'),
    Buffer.from(`xy${PASSWORD}`).toString('base64'),
    Buffer.from(PASSWORD).toString('base64url'),
  ];
  await open((call, response) => {
    calls += 1;
    response.setHeader('vmware-api-session-id', `named-${calls}`);
    if (calls < 40) user(call, response);
    else vapi(response, 400, 'INVALID_ARGUMENT', forms.join(' '));
  });
  for (let turn = 1; turn < 40; turn += 1) await whoAmI();
  const { serverText = '' } = await rejection(whoAmI());
  expect(serverText).toContain('[secret]');
  for (const form of forms) expect(serverText).not.toContain(form.slice(3, -4));
});
