import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Agent, Client, Pool } from 'undici';
import { openConnection, type VsphereConnection } from '../../../src/vsphere';
import { eventually } from '../../environment/eventually';
import { makeCertificate } from './certificate';
import { json, startLoopbackSite, vapi, type Answer, type LoopbackSite } from './loopback-site';
import { rejection } from './rejection';

let site: LoopbackSite;
let connection: VsphereConnection;
const rawServers: Server[] = [];

const settings = (url: string) => ({
  name: 'lab',
  vcenterUrl: url,
  applianceUrl: url,
  username: 'worker',
  password: 'correct-horse-battery',
});

async function open(answer: Answer, more: { maxConnections?: number } = {}): Promise<void> {
  site = await startLoopbackSite(answer);
  connection = openConnection({ ...settings(site.url), ...more });
}

afterEach(async () => {
  for (const server of rawServers.splice(0)) server.close();
  await connection.close();
  await site.close();
});

const task: Answer = (_call, response) => json(response, 202, 'task-1');

test('each changing call has a connection of its own, which it asks the server to close', async () => {
  await open((call, response) =>
    call.method === 'DELETE' || call.url.includes('power')
      ? void response.writeHead(204).end()
      : json(response, call.method === 'GET' ? 200 : 202, call.method === 'GET' ? { user: 'w' } : 'task-1'),
  );
  await connection.appliance.whoAmI();
  await connection.appliance.startRevert('c', 'v', { snapshot: 's' });
  await connection.appliance.startLinkedClone('c', 'v', { snapshot: 's', name: 'n' });
  await connection.vcenter.deleteVm('v');
  await connection.vcenter.setPower('v', 'stop');
  const changes = site.work().filter(({ method }) => method !== 'GET');
  expect(changes.map(({ headers }) => headers.connection)).toEqual(['close', 'close', 'close', 'close']);
  expect(new Set(site.work().map(({ connection }) => connection)).size).toBe(5);
});

test.each([
  ['plain', 'by its caller'],
  ['plain', 'at its deadline'],
  ['TLS', 'by its caller'],
  ['TLS', 'at its deadline'],
])('over %s, a start given up %s is reset, so that no byte of it arrives later', async (wire, by) => {
  const certificate = makeCertificate();
  const given = new AbortController();
  site = await startLoopbackSite(() => given.abort(), wire === 'TLS' ? certificate : undefined);
  connection = openConnection({
    ...settings(site.url),
    ...(wire === 'TLS' ? { ca: certificate.cert } : {}),
    ...(by === 'at its deadline' ? { callDeadlineMs: 500 } : {}),
  });
  const options = by === 'at its deadline' ? {} : { signal: given.signal };
  const error = await rejection(connection.appliance.startRevert('c', 'v', { snapshot: 's' }, options));
  expect(error).toMatchObject({ kind: 'interrupted', effect: 'possible' });
  await eventually('a connection is reset', () => site.ends.includes('reset'));
  expect(site.ends.filter((end) => end === 'reset')).toHaveLength(1);
});

test('a start does not wait for reads that hold the whole pool', async () => {
  const held: (() => void)[] = [];
  await open(
    (call, response) => {
      if (call.method === 'POST') return task(call, response);
      held.push(() => json(response, 200, { user: 'w' }));
    },
    { maxConnections: 1 },
  );
  const reads = [connection.appliance.whoAmI(), connection.appliance.whoAmI()];
  expect(await connection.appliance.startRevert('c', 'v', { snapshot: 's' })).toBe('task-1');
  site.answer = (_call, response) => json(response, 200, { user: 'w' });
  for (const release of held) release();
  expect(await Promise.all(reads)).toEqual([{ user: 'w' }, { user: 'w' }]);
});

test('a read given up while it waits for a connection is never sent, and the pool goes on', async () => {
  let release: () => void = () => undefined;
  await open((_call, response) => (release = () => json(response, 200, { user: 'w' })));
  const queued: string[] = [];
  const pool = new Pool(site.url, { connections: 1 });
  const dispatch = pool.dispatch.bind(pool);
  pool.dispatch = (options, handler) => {
    queued.push(options.path);
    return dispatch(options, handler);
  };
  const own = openConnection(settings(site.url), {
    dispatcherFor: ({ host, origin, purpose }) =>
      purpose === 'reads' && host === 'appliance' ? pool : new Client(origin),
  });
  const held = own.appliance.whoAmI();
  while (site.work().length === 0) await new Promise(setImmediate);
  const controller = new AbortController();
  const waiting = rejection(own.appliance.about({ signal: controller.signal }));
  while (queued.length < 2) await new Promise(setImmediate);
  controller.abort();
  expect(await waiting).toMatchObject({ kind: 'interrupted', effect: 'none', operation: 'about' });
  site.answer = (_call, response) => json(response, 200, { user: 'w' });
  release();
  await held;
  await own.appliance.whoAmI();
  await own.close();
  expect(site.work().map(({ url }) => url)).toEqual([
    '/api/snapservice/sessions',
    '/api/snapservice/sessions',
  ]);
});

test('a connection that ends during the TLS handshake is tried once and had no effect', async () => {
  await open(task);
  let opened = 0;
  const abrupt: Server = createServer((socket) => {
    opened += 1;
    socket.on('error', () => undefined);
    socket.once('data', () => socket.resetAndDestroy());
  });
  rawServers.push(abrupt);
  await new Promise<void>((resolve) => abrupt.listen(0, '127.0.0.1', resolve));
  const https = settings(`https://127.0.0.1:${(abrupt.address() as AddressInfo).port}`);
  const broken = openConnection(https);
  const error = await rejection(broken.appliance.startRevert('c', 'v', { snapshot: 's' }));
  expect(error).toMatchObject({ kind: 'unreachable', effect: 'none' });
  await broken.close();
  await new Promise<void>((resolve) => abrupt.close(() => resolve()));
  expect(opened).toBe(1);
});

test('a connection that the server resets at once carries a start at most once', async () => {
  await open((_call, response) => json(response, 200, { user: 'w' }));
  await connection.appliance.whoAmI();
  site.refuseConnections = true;
  const beforeWrite = jest.fn();
  const opened = site.connections();
  const error = await rejection(
    connection.appliance.startRevert('c', 'v', { snapshot: 's' }, { beforeWrite }),
  );
  expect(error.kind).toMatch(/^(interrupted|unreachable)$/);
  expect(error.effect).toBe(beforeWrite.mock.calls.length === 0 ? 'none' : 'possible');
  expect(beforeWrite.mock.calls.length).toBeLessThanOrEqual(1);
  expect(site.connections()).toBe(opened + 1);
  expect(site.work()).toHaveLength(1);
});

test('a dispatcher that throws had no effect', async () => {
  await open(task);
  const throwing = new Agent();
  throwing.dispatch = () => {
    throw new Error('no');
  };
  const own = openConnection(settings(site.url), {
    dispatcherFor: ({ origin }) => (site.logins().length === 0 ? new Client(origin) : throwing),
  });
  const error = await rejection(own.appliance.startRevert('c', 'v', { snapshot: 's' }));
  expect(error).toMatchObject({ kind: 'unreachable', effect: 'none', operation: 'revert' });
  await own.close();
});

const RELEASE = 'HTTP/1.1 200 OK\r\ncontent-length: 21\r\n\r\n{"version":"9.1.0.0"}';

test('a guard that throws leaves the open connection without a single byte', async () => {
  const received: Buffer[] = [];
  const sockets = new Set<Socket>();
  await open((_call, response) => json(response, 200, { user: 'w' }));
  // A bare listener that counts bytes, with a session seeded through a login on the same port.
  const raw: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      if (chunk.includes('/info/about')) socket.write(RELEASE);
      else if (!chunk.includes('/api/snapservice/sessions')) received.push(chunk);
      else if (chunk.includes('POST')) socket.end('HTTP/1.1 201 Created\r\ncontent-length: 3\r\n\r\n"s"');
      else socket.end('HTTP/1.1 204 No Content\r\n\r\n');
    });
  });
  rawServers.push(raw);
  await new Promise<void>((resolve) => raw.listen(0, '127.0.0.1', resolve));
  const guarded = openConnection(settings(`http://127.0.0.1:${(raw.address() as AddressInfo).port}`));
  const refusal = new Error('too late');
  const connectionsAtGuard: number[] = [];
  const error = await rejection(
    guarded.appliance.startRevert(
      'c',
      'v',
      { snapshot: 's' },
      {
        beforeWrite: () => {
          connectionsAtGuard.push(1);
          throw refusal;
        },
      },
    ),
  );
  expect(error).toMatchObject({
    kind: 'refused-by-guard',
    effect: 'none',
    operation: 'revert',
    cause: refusal,
  });
  expect(connectionsAtGuard).toHaveLength(1);
  await guarded.close();
  await new Promise<void>((resolve) => raw.close(() => resolve())); // resolves once every connection has ended
  expect(sockets.size).toBe(4); // release, login, start, logout
  expect(Buffer.concat(received).toString()).toBe('');
});

test('the guard runs after the connection is open and before the server has seen anything', async () => {
  await open(task);
  const seen: { calls: number; opened: number }[] = [];
  await connection.appliance.startRevert(
    'c',
    'v',
    { snapshot: 's' },
    { beforeWrite: () => seen.push({ calls: site.work().length, opened: site.connections() }) },
  );
  expect(seen.map(({ calls }) => calls)).toEqual([0]);
  expect(site.work()).toHaveLength(1);
});

test('the guard does not run when no connection opens', async () => {
  await open((_call, response) => json(response, 200, { user: 'w' }));
  await connection.appliance.whoAmI();
  await site.close();
  const beforeWrite = jest.fn();
  const error = await rejection(
    connection.appliance.startRevert('c', 'v', { snapshot: 's' }, { beforeWrite }),
  );
  expect(error).toMatchObject({ kind: 'unreachable', effect: 'none' });
  expect(beforeWrite).not.toHaveBeenCalled();
});

test('ids are percent-encoded and the body is the bare spec', async () => {
  await open(task);
  await connection.appliance.startLinkedClone('domain-c1', 'a/../b?x#y:z', {
    snapshot: 's:1',
    name: 'né "w"',
    placement: { folder: 'group-v1' },
  });
  await connection.appliance.startLinkedClone('domain-c1', 'vm 1', {
    snapshot: 's',
    name: 'n',
    placement: {},
  });
  expect(site.work().map(({ url }) => url)).toEqual([
    '/api/snapservice/clusters/domain-c1/virtual-machines/a%2F..%2Fb%3Fx%23y%3Az?action=linked-clone&vmw-task=true',
    '/api/snapservice/clusters/domain-c1/virtual-machines/vm%201?action=linked-clone&vmw-task=true',
  ]);
  expect(site.work().map(({ body }) => body)).toEqual([
    '{"snapshot":"s:1","name":"né \\"w\\"","placement":{"folder":"group-v1"}}',
    '{"snapshot":"s","name":"n"}',
  ]);
});

test.each(['', '.', '..', 'a\nb', 'a\u0000', '\ud800'])(
  'the id %j is refused before any call',
  async (id) => {
    await open(task);
    const refused = { kind: 'invalid-argument', effect: 'none' };
    const { appliance, vcenter } = connection;
    expect(await rejection(appliance.startRevert('c', id, { snapshot: 's' }))).toMatchObject(refused);
    expect(await rejection(appliance.startRevert('c', 'v', { snapshot: id }))).toMatchObject(refused);
    const placement = { folder: id };
    expect(
      await rejection(appliance.startLinkedClone('c', 'v', { snapshot: 's', name: 'n', placement })),
    ).toMatchObject(refused);
    expect(await rejection(appliance.getTask(id))).toMatchObject(refused);
    expect(await rejection(vcenter.deleteVm(id))).toMatchObject(refused);
    expect(site.calls).toHaveLength(0);
  },
);

test('a request id goes out with every call, the login too, and one that is no header is refused', async () => {
  await open(task);
  const { appliance } = connection;
  await appliance.startRevert('c', 'v', { snapshot: 's' }, { requestId: 'run-1/start' });
  expect(new Set(site.calls.map(({ headers }) => headers['x-request-id']))).toEqual(new Set(['run-1/start']));
  expect(site.calls).toHaveLength(3);
  const bad = await rejection(appliance.startRevert('c', 'v', { snapshot: 's' }, { requestId: 'a\r\nb: c' }));
  expect(bad).toMatchObject({ kind: 'invalid-argument', effect: 'none' });
});

test('a reply is asked for uncompressed', async () => {
  await open(task);
  await connection.appliance.startRevert('c', 'v', { snapshot: 's' });
  expect(new Set(site.calls.map(({ headers }) => headers['accept-encoding']))).toEqual(new Set(['identity']));
});

test('a delete answered with a page that is not of this API is not taken for done', async () => {
  await open((_call, response) => void response.writeHead(200).end('<html>welcome</html>'));
  expect(await rejection(connection.vcenter.deleteVm('v'))).toMatchObject({
    kind: 'interrupted',
    effect: 'possible',
  });
});

test('a VM that is in the wanted power state already is no error', async () => {
  await open((_call, response) => vapi(response, 400, 'ALREADY_IN_DESIRED_STATE'));
  await expect(connection.vcenter.setPower('v', 'start')).resolves.toBeUndefined();
});
