import { openConnection, type VsphereConnection } from '../../../src/vsphere';
import { json, startLoopbackSite, vapi, type LoopbackSite } from './loopback-site';
import { rejection } from './rejection';

let site: LoopbackSite;
let connection: VsphereConnection;

beforeEach(async () => {
  site = await startLoopbackSite((_call, response) => json(response, 200, { user: 'worker' }));
  connection = openConnection({
    name: 'lab',
    vcenterUrl: site.url,
    applianceUrl: site.url,
    username: 'worker@vsphere.local',
    password: 'correct-horse-battery',
  });
});

afterEach(async () => {
  await connection.close();
  await site.close();
});

const CHANGES: Readonly<Record<string, () => Promise<unknown>>> = {
  clone: () => connection.appliance.startLinkedClone('domain-c1', 'vm-1', { snapshot: 's', name: 'ci-42' }),
  revert: () => connection.appliance.startRevert('domain-c1', 'vm-1', { snapshot: 's' }),
  'power on': () => connection.vcenter.setPower('vm-1', 'start'),
};

/** What a firewall, a gateway or a proxy answers for a server. */
const STATUSES = [
  300, 301, 302, 303, 307, 308, 400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414,
  415, 417, 421, 422, 423, 424, 425, 426, 428, 429, 431, 451, 499, 500, 501, 502, 503, 504, 505, 507, 508,
  510, 511, 520, 522, 524, 529, 599,
];
const BODIES: Readonly<Record<string, string>> = {
  'an empty body': '',
  HTML: '<html><body>Forbidden by policy</body></html>',
  'a legacy body': JSON.stringify({
    type: 'com.vmware.vapi.std.errors.unauthorized',
    value: { messages: [{ id: 'x', default_message: 'Denied.', args: [] }] },
  }),
  'messages without an error_type': JSON.stringify({ messages: [{ id: 'x', default_message: 'Denied.' }] }),
};

const TABLE = Object.keys(CHANGES).flatMap((change) => Object.keys(BODIES).map((body) => [change, body]));

test.each(TABLE)(
  'a %s that is answered with any status and %s may have had its effect and is sent once',
  async (change = '', body = '') => {
    for (const status of STATUSES) {
      const sent = site.work().length;
      site.answer = (_call, response) => void response.writeHead(status).end(BODIES[body]);
      const error = await rejection((CHANGES[change] as () => Promise<unknown>)());
      expect({ status, effect: error.effect, of: error.status }).toEqual({
        status,
        effect: 'possible',
        of: status,
      });
      expect(error.message).toContain(`${status}`);
      expect(error.message).toContain(site.url);
      expect(site.work()).toHaveLength(sent + 1);
    }
  },
);

test.each(Object.keys(BODIES))(
  'a read that is answered 403 with %s is no missing privilege and may be repeated',
  async (body) => {
    site.answer = (_call, response) => void response.writeHead(403).end(BODIES[body]);
    const error = await rejection(connection.appliance.getTask('task-1'));
    expect(error).toMatchObject({ effect: 'none', status: 403 });
    expect(['interrupted', 'server-error']).toContain(error.kind);
  },
);

test.each(Object.keys(BODIES))(
  'a read that is answered 401 with %s, as is the session resource, is repeated once after a new login',
  async (body) => {
    await connection.appliance.whoAmI();
    site.answer = (call, response) =>
      call.headers['vmware-api-session-id'] === 'session-1'
        ? void response.writeHead(401).end(BODIES[body])
        : json(response, 202, 'task-1');
    expect(await rejection(CHANGES['revert']?.() ?? Promise.resolve())).toMatchObject({ effect: 'possible' });
    site.answer = (call, response) =>
      call.headers['vmware-api-session-id'] === 'session-1'
        ? void response.writeHead(401).end(BODIES[body])
        : json(response, 200, { user: 'worker' });
    expect(await connection.appliance.whoAmI()).toEqual({ user: 'worker' });
    expect(site.logins()).toHaveLength(2);
  },
);

test('a login that a gateway answers 403 says nothing of the password', async () => {
  site.onSession = (_call, response) => void response.writeHead(403).end('<html>');
  expect(await rejection(connection.appliance.whoAmI())).toMatchObject({ kind: 'interrupted', status: 403 });
});

test('a login that is answered 401 in any words is not repeated within a minute', async () => {
  site.onSession = (_call, response) => void response.writeHead(401).end('<html>');
  expect(await rejection(connection.appliance.whoAmI())).toMatchObject({ kind: 'login-refused' });
  expect(await rejection(connection.appliance.whoAmI())).toMatchObject({ kind: 'login-refused' });
  expect(site.logins()).toHaveLength(1);
});

const message = (id: string, default_message: string) => [{ id, default_message, args: [] }];

test('a list over the limit of the server is told apart from a want of room', async () => {
  site.answer = (_call, response) =>
    json(response, 500, {
      error_type: 'UNABLE_TO_ALLOCATE_RESOURCE',
      messages: message('com.vmware.api.vcenter.vm.too_many_matches', 'Too many virtual machines.'),
    });
  const error = await rejection(connection.vcenter.listVms({}));
  expect(error).toMatchObject({ kind: 'too-many', effect: 'refused' });
  expect(error.message).toContain('name the object by its id');
  site.answer = (_call, response) => vapi(response, 500, 'UNABLE_TO_ALLOCATE_RESOURCE');
  expect(await rejection(connection.vcenter.listVms({}))).toMatchObject({ kind: 'busy' });
});

test('a path that the server does not have is no missing object', async () => {
  site.answer = (_call, response) =>
    json(response, 404, {
      error_type: 'NOT_FOUND',
      messages: message('com.vmware.vapi.rest.httpNotFound', 'Not found.'),
    });
  const gone = await rejection(connection.vcenter.deleteVm('vm-1'));
  expect(gone).toMatchObject({ kind: 'no-such-call', effect: 'refused' });
  expect(gone.message).toContain(
    'this server does not have the call (the server answered 404 NOT_FOUND: Not found); is vcenterUrl that of a vCenter of 8.0.2 or later?',
  );
  expect(await rejection(connection.appliance.getTask('task-1'))).toMatchObject({ kind: 'no-such-call' });
});

test.each([
  ['7', 7_000],
  ['0', undefined],
  ['86400', 60_000],
  ['Sun, 29 Nov 2026 10:00:09 GMT', 9_000],
  ['soon', undefined],
])('Retry-After %s asks for a pause of %p ms', async (value, retryAfterMs) => {
  site.answer = (_call, response) =>
    void response
      .writeHead(503, { 'retry-after': value, date: 'Sun, 29 Nov 2026 10:00:00 GMT' })
      .end('<html>');
  expect((await rejection(connection.appliance.getTask('task-1'))).retryAfterMs).toBe(retryAfterMs);
});
