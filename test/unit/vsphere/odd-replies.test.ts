import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { openConnection, type VsphereConnection } from '../../../src/vsphere';
import { makeCertificate } from './certificate';
import { json, startLoopbackSite, type Answer, type LoopbackSite } from './loopback-site';
import { rejection } from './rejection';

let site: LoopbackSite | undefined;
let raw: Server | undefined;
let connection: VsphereConnection;

const settings = (url: string) => ({
  name: 'lab',
  vcenterUrl: url,
  applianceUrl: url,
  username: 'worker',
  password: 'correct-horse-battery',
});

async function open(answer: Answer): Promise<void> {
  site = await startLoopbackSite(answer);
  connection = openConnection(settings(site.url));
}

const listen = (server: Server): Promise<number> =>
  new Promise((resolve) => {
    raw = server;
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });

afterEach(async () => {
  await connection.close();
  await site?.close();
  raw?.close();
  site = raw = undefined;
});

test('a byte order mark before the JSON of a reply is skipped', async () => {
  await open((_call, response) => void response.writeHead(202).end('\uFEFF"task-1"'));
  expect(await connection.appliance.startRevert('c', 'v', { snapshot: 's' })).toBe('task-1');
});

test('a compressed answer to a start may have had its effect, and one to a read says who compressed it', async () => {
  const body = gzipSync('"task-1"');
  await open((_call, response) => void response.writeHead(202, { 'content-encoding': 'gzip' }).end(body));
  expect(await rejection(connection.appliance.startRevert('c', 'v', { snapshot: 's' }))).toMatchObject({
    kind: 'interrupted',
    effect: 'possible',
  });
  const { message } = await rejection(connection.appliance.getTask('task-1'));
  expect(message).toContain(
    'the answer with status 202 is compressed (gzip), which was not asked for; have what',
  );
  expect(message).toContain('between here and applianceUrl');
});

test('a "100 Continue" that was not asked for is named, and is no wrong scheme', async () => {
  const server = createServer((socket: Socket) => {
    socket.on('error', () => undefined);
    socket.on('data', () => socket.write('HTTP/1.1 100 Continue\r\n\r\n'));
  });
  const port = await listen(server);
  connection = openConnection(settings(`http://127.0.0.1:${port}`));
  const { message } = await rejection(connection.appliance.about());
  expect(message).toContain(
    'the server sent "100 Continue", which was not asked for; have what stands between',
  );
  expect(message).not.toContain('https');
});

test('a server that speaks TLS 1.1 at most is told in words, without names of source files', async () => {
  const { key, cert } = makeCertificate();
  const server = createTlsServer(
    { key, cert, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' },
    (socket) => socket.end(),
  );
  server.on('tlsClientError', () => undefined);
  const port = await listen(server);
  connection = openConnection({ ...settings(`https://127.0.0.1:${port}`), ca: cert });
  const error = await rejection(connection.appliance.startRevert('c', 'v', { snapshot: 's' }));
  expect(error).toMatchObject({ kind: 'tls', effect: 'none' });
  expect(error.message).toContain('the server speaks no TLS 1.2 or later');
  expect(error.message).toMatch(/; enable TLS 1\.2 on the server of (vcenter|appliance)Url/);
  expect(error.message).not.toContain('.c:');
});

test('a fault of VI/JSON is told with its own words, each once', async () => {
  const said = 'Permission to perform this operation was denied.';
  await open((_call, response) =>
    json(response, 500, {
      _typeName: 'NoPermission',
      object: { type: 'Folder', value: 'group-v3' },
      privilegeId: 'System.View',
      faultstring: said,
      faultMessage: [{ key: 'k', message: 'The account is limited.' }, { message: said }],
      reason: 'no role',
    }),
  );
  const error = await rejection(connection.vcenter.getVm('vm-1'));
  expect(error).toMatchObject({ kind: 'forbidden', errorType: 'NoPermission' });
  expect(error.serverText).toBe(`Folder group-v3 System.View ${said} The account is limited. no role`);
});
