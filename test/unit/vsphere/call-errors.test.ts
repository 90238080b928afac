import { createServer, type AddressInfo, type Server } from 'node:net';
import { openConnection, type VsphereConnection } from '../../../src/vsphere';
import { json, startLoopbackSite, vapi, type Answer, type LoopbackSite } from './loopback-site';
import { rejection } from './rejection';

const PASSWORD = 'correct-horse-battery';
let site: LoopbackSite;
let connection: VsphereConnection;

async function open(
  answer: Answer,
  more: { callDeadlineMs?: number; maxReplyBytes?: number } = {},
): Promise<void> {
  site = await startLoopbackSite(answer);
  connection = openConnection({
    name: 'lab',
    vcenterUrl: site.url,
    applianceUrl: site.url,
    username: 'worker@vsphere.local',
    password: PASSWORD,
    ...more,
  });
}

afterEach(async () => {
  await connection.close();
  await site.close();
});

const revert = () => connection.appliance.startRevert('domain-c1', 'vm-1', { snapshot: 'snap-1' });
const getTask = () => connection.appliance.getTask('task-1');

const REFUSALS: [number, string | undefined, string, 'refused' | 'possible'][] = [
  [400, 'INVALID_ARGUMENT', 'invalid-argument', 'refused'],
  [404, 'OPERATION_NOT_FOUND', 'no-such-call', 'refused'],
  [400, 'ALREADY_EXISTS', 'already-exists', 'possible'],
  [400, 'NOT_ALLOWED_IN_CURRENT_STATE', 'not-allowed', 'refused'],
  [401, 'UNAUTHENTICATED', 'unauthenticated', 'refused'],
  [500, 'UNAUTHENTICATED', 'unauthenticated', 'refused'],
  [403, 'UNAUTHORIZED', 'forbidden', 'refused'],
  [404, 'NOT_FOUND', 'not-found', 'refused'],
  [500, 'RESOURCE_BUSY', 'busy', 'refused'],
  [500, 'RESOURCE_IN_USE', 'busy', 'refused'],
  [500, 'UNABLE_TO_ALLOCATE_RESOURCE', 'busy', 'refused'],
  [503, 'SERVICE_UNAVAILABLE', 'unavailable', 'possible'],
  [429, undefined, 'server-error', 'possible'],
  [503, 'SOMETHING_NEW', 'server-error', 'possible'],
  [401, undefined, 'server-error', 'possible'],
  [403, 'SOMETHING_NEW', 'server-error', 'possible'],
  [503, 'INTERNAL_SERVER_ERROR', 'server-error', 'possible'],
  [504, 'TIMED_OUT', 'server-error', 'possible'],
  [500, 'RESOURCE_INACCESSIBLE', 'server-error', 'possible'],
  [409, 'CONCURRENT_CHANGE', 'server-error', 'possible'],
  [500, 'ERROR', 'server-error', 'possible'],
  [500, 'CANCELED', 'server-error', 'possible'],
  [400, undefined, 'server-error', 'possible'],
  [400, 'SOMETHING_NEW', 'server-error', 'possible'],
  [400, 'constructor', 'server-error', 'possible'],
];

test.each(REFUSALS)(
  'a start answered %i %s fails as %s, effect %s',
  async (status, errorType, kind, effect) => {
    await open((_call, response) => vapi(response, status, errorType, 'no room at all'));
    const error = await rejection(revert());
    expect(error).toMatchObject({ kind, effect, operation: 'revert', host: 'appliance', status });
    expect(error.errorType).toBe(errorType);
    expect(error.serverText).toBe('no room at all');
    expect(site.work()).toHaveLength(1);
  },
);

const BROKEN: [string, Answer, string][] = [
  ['a reset after the request', (_call, response) => void response.socket?.resetAndDestroy(), 'interrupted'],
  ['a closed connection', (_call, response) => void response.socket?.end(), 'interrupted'],
  [
    'a page of HTML with status 200',
    (_call, response) =>
      void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>hello</html>'),
    'interrupted',
  ],
  [
    'a 502 page',
    (_call, response) => void response.writeHead(502).end('<html>bad gateway</html>'),
    'interrupted',
  ],
  ['a 503 without a body of the API', (_call, response) => void response.writeHead(503).end(), 'interrupted'],
  ['a 429 without a body of the API', (_call, response) => void response.writeHead(429).end(), 'interrupted'],
  [
    'a 404 without a body of the API',
    (_call, response) => json(response, 404, { message: 'no' }),
    'interrupted',
  ],
  [
    'a redirect',
    (_call, response) => void response.writeHead(307, { location: '/elsewhere' }).end(),
    'interrupted',
  ],
  [
    'a truncated body',
    (_call, response) => {
      response.writeHead(202, { 'content-length': '50' });
      response.write('"task-');
      setImmediate(() => response.socket?.destroy());
    },
    'interrupted',
  ],
  ['JSON that ends too early', (_call, response) => void response.writeHead(202).end('"task-'), 'malformed'],
  ['an empty body', (_call, response) => void response.writeHead(202).end(), 'malformed'],
  ['a body of another shape', (_call, response) => json(response, 202, [{ task: 'task-1' }]), 'malformed'],
  ['an empty task id', (_call, response) => json(response, 202, ''), 'malformed'],
];

test.each(BROKEN)(
  'a start answered by %s may have had its effect and is not repeated',
  async (_what, answer, kind) => {
    await open(answer);
    expect(await rejection(revert())).toMatchObject({ kind, effect: 'possible', operation: 'revert' });
    expect(site.work()).toHaveLength(1);
  },
);

test.each(BROKEN)(
  'a read answered by %s fails without an effect and is not repeated',
  async (_what, answer, kind) => {
    await open(answer);
    expect(await rejection(getTask())).toMatchObject({ kind, effect: 'none', operation: 'tasks.get' });
    expect(site.work()).toHaveLength(1);
  },
);

test('a reply larger than the cap is given up while it comes', async () => {
  await open(
    (_call, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const flood = (): void => {
        while (!response.destroyed && response.write('x'.repeat(4096)));
      };
      response.on('drain', flood);
      flood();
    },
    { maxReplyBytes: 10_000 },
  );
  const error = await rejection(getTask());
  expect(error).toMatchObject({ kind: 'interrupted', effect: 'none' });
  expect(error.message).toContain('larger than 10000 bytes');
});

test('a reply that drips past the deadline is given up, though bytes keep coming', async () => {
  let drip: NodeJS.Timeout | undefined;
  await open(
    (_call, response) => {
      response.writeHead(202, { 'content-type': 'application/json' });
      drip = setInterval(() => response.write(' '), 10);
    },
    { callDeadlineMs: 200 },
  );
  const error = await rejection(revert());
  clearInterval(drip);
  expect(error).toMatchObject({ kind: 'interrupted', effect: 'possible' });
  expect(error.message).toContain('no whole answer after 200 ms');
});

test('a start that is never answered may have had its effect', async () => {
  await open(() => undefined, { callDeadlineMs: 150 });
  expect(await rejection(revert())).toMatchObject({ kind: 'interrupted', effect: 'possible' });
});

test('a caller that gives a start up after it was sent learns that it may have had its effect', async () => {
  const controller = new AbortController();
  await open(() => controller.abort());
  const error = await rejection(
    connection.appliance.startRevert('c', 'vm-1', { snapshot: 's' }, { signal: controller.signal }),
  );
  expect(error).toMatchObject({ kind: 'interrupted', effect: 'possible' });
});

test('a caller that gave up before the start learns that nothing was sent', async () => {
  await open((_call, response) => json(response, 202, 'task-1'));
  const error = await rejection(
    connection.appliance.startRevert('c', 'vm-1', { snapshot: 's' }, { signal: AbortSignal.abort() }),
  );
  expect(error).toMatchObject({ kind: 'interrupted', effect: 'none' });
  expect(site.work()).toHaveLength(0);
});

test('a port where nobody listens is unreachable and had no effect', async () => {
  await open((_call, response) => json(response, 200, {}));
  await site.close();
  expect(await rejection(revert())).toMatchObject({ kind: 'unreachable', effect: 'none', host: 'appliance' });
});

test('a host that goes away between login and start is unreachable: nothing was written', async () => {
  await open((_call, response) => json(response, 200, { user: 'worker' }));
  await connection.appliance.whoAmI();
  await site.close();
  expect(await rejection(revert())).toMatchObject({
    kind: 'unreachable',
    effect: 'none',
    operation: 'revert',
  });
});

test('a server that accepts and never says a word during the TLS handshake had no effect', async () => {
  const silent: Server = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const url = `https://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  await open((_call, response) => json(response, 200, {}));
  const mute = openConnection({
    name: 'mute',
    vcenterUrl: url,
    applianceUrl: url,
    username: 'u',
    password: PASSWORD,
    callDeadlineMs: 200,
  });
  const error = await rejection(mute.appliance.startRevert('c', 'v', { snapshot: 's' }));
  await mute.close();
  silent.close();
  expect(error).toMatchObject({ kind: 'unreachable', effect: 'none' });
});

test('more than 1000 matching tasks are told apart by their error type', async () => {
  await open((_call, response) => vapi(response, 500, 'RESOURCE_INACCESSIBLE'));
  const error = await rejection(connection.appliance.listTasks({ services: ['s'] }));
  expect(error).toMatchObject({ kind: 'server-error', errorType: 'RESOURCE_INACCESSIBLE', effect: 'none' });
});

test('a server text that repeats a secret is shown without it, without line breaks and shortened', async () => {
  await open((call, response) =>
    vapi(
      response,
      400,
      'INVALID_ARGUMENT',
      `${String(call.headers['vmware-api-session-id'])}\n${'x'.repeat(900)}`,
    ),
  );
  const error = await rejection(revert());
  expect(error.serverText).toMatch(/^\[secret\] x+…$/);
  expect(error.serverText?.length).toBeLessThan(520);
});

test('a message is one sentence with the operation, the object, the host, the reason and what to do', async () => {
  await open((_call, response) => vapi(response, 404, 'NOT_FOUND', 'The VM is gone.'));
  const { message } = await rejection(revert());
  expect(message).toBe(
    `revert of VM vm-1 in cluster domain-c1 failed on appliance ${site.url} (connection lab): ` +
      'the server answered 404 NOT_FOUND: The VM is gone; check that the object exists and is visible to the account.',
  );
});

test('after close a call fails at once and nothing is sent', async () => {
  await open((_call, response) => json(response, 200, { user: 'worker' }));
  await connection.close();
  expect(await rejection(connection.appliance.whoAmI())).toMatchObject({
    kind: 'unreachable',
    effect: 'none',
  });
  expect(site.calls).toHaveLength(0);
});
