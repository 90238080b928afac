import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tls from 'node:tls';
import { issueCertificate, type Issued } from '../../../packages/simulator/src/certificates';
import { tlsProblem } from '../../../src/client/tls-problem';
import { connectNative } from '../../../src/worker/create-workers';
import { eventually } from '../../environment/eventually';

jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'snapflow-tls-problem-'));
let authority: Issued;
let good: Issued;
let other: Issued;
const servers: Server[] = [];
const programs: ChildProcess[] = [];

beforeAll(async () => {
  authority = await issueCertificate({ commonName: 'our authority' });
  good = await issueCertificate({ commonName: 'localhost', issuer: authority });
  other = await issueCertificate({ commonName: 'another authority' });
});

afterAll(() => {
  for (const server of servers) server.close();
  for (const program of programs) program.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

async function listening(server: Server): Promise<string> {
  servers.push(server);
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Speaks first, as a gRPC server does. */
const serving = ({ cert, key }: Issued): Promise<string> =>
  listening(tls.createServer({ cert, key }, (socket) => socket.on('error', () => undefined).write('hello')));

const pem = (text: string): Uint8Array => Buffer.from(text);
const trusting = ({ cert }: Issued) => ({ serverRootCACertificate: pem(cert) });

/** Signed by the authority, without extensions and so of version 1. */
function version1(): Issued {
  const file = (name: string): string => join(folder, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' });
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-subj',
    '/CN=old',
    '-keyout',
    file('ca.key'),
    '-out',
    file('ca.pem'),
    '-days',
    '2',
  );
  openssl(
    'req',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-subj',
    '/CN=localhost',
    '-keyout',
    file('v1.key'),
    '-out',
    file('v1.csr'),
  );
  openssl(
    'x509',
    '-req',
    '-in',
    file('v1.csr'),
    '-CA',
    file('ca.pem'),
    '-CAkey',
    file('ca.key'),
    '-CAcreateserial',
    '-days',
    '2',
    '-out',
    file('v1.pem'),
  );
  return { cert: readFileSync(file('v1.pem'), 'utf8'), key: readFileSync(file('v1.key'), 'utf8') };
}

test('a server as it should be has no problem', async () => {
  const address = await serving(good);
  expect(await tlsProblem({ address, tls: trusting(authority) })).toBeUndefined();
});

test('an authority that did not sign it is named as the setting that it is', async () => {
  const address = await serving(good);
  expect(await tlsProblem({ address, tls: trusting(other) })).toMatch(
    /is not signed by the authority in TEMPORAL_TLS_SERVER_CA_CERT_PATH \(\w+\): give the authority that signed it\.$/,
  );
  expect(await tlsProblem({ address, tls: true })).toMatch(/is not trusted \(\w+\): give its authority as /);
});

test('a name that the certificate has not is told as such', async () => {
  const address = await serving(good);
  const options = { ...trusting(authority), serverNameOverride: 'temporal.example' };
  expect(await tlsProblem({ address, tls: options })).toContain(
    'is for another name (ERR_TLS_CERT_ALTNAME_INVALID)',
  );
});

test('a certificate of version 1 is told as such', async () => {
  const address = await serving(version1());
  const options = {
    serverRootCACertificate: readFileSync(join(folder, 'ca.pem')),
    serverNameOverride: 'localhost',
  };
  expect(await tlsProblem({ address, tls: options })).toMatch(
    /is of version 1, which .*: issue one of version 3/,
  );
});

test('a worker says it at once, and again when it gives up', async () => {
  const address = await serving(version1());
  const options = {
    serverRootCACertificate: readFileSync(join(folder, 'ca.pem')),
    serverNameOverride: 'localhost',
  };
  const said: string[] = [];
  const connecting = connectNative({ address, namespace: 'default', tls: options }, 600, (line) =>
    said.push(line),
  );
  await expect(connecting).rejects.toThrow(/is of version 1, which .* refuses/);
  expect(said).toEqual([expect.stringMatching(/is of version 1, .*; trying for 1 s$/)]);
});

test.each(['-tls1_3', '-tls1_2'])(
  'a server that wants a client certificate says so, with %s',
  async (version) => {
    const file = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const port = await freePort();
    const program = spawn('openssl', [
      's_server',
      '-quiet',
      version,
      '-accept',
      `127.0.0.1:${port}`,
      '-Verify',
      '1',
      '-verify_return_error',
      '-cert',
      file('server.pem', good.cert),
      '-key',
      file('server.key', good.key),
      '-CAfile',
      file('authority.pem', authority.cert),
    ]);
    programs.push(program);
    const address = `127.0.0.1:${port}`;
    const wanted =
      /wants a client certificate, and there was none \(ERR_SSL_\w+\): give TEMPORAL_TLS_CLIENT_CERT_PATH/;
    await untilListening(port);
    expect(await tlsProblem({ address, tls: trusting(authority) })).toMatch(wanted);
    const stranger = { crt: pem(other.cert), key: pem(other.key) };
    expect(await tlsProblem({ address, tls: { ...trusting(authority), clientCertPair: stranger } })).toMatch(
      /refuses the client certificate \(ERR_SSL_\w+\): give one of an authority that it trusts/,
    );
  },
);

test('files that hold nothing usable are told before anything is asked', async () => {
  const address = await serving(good);
  const clientCertPair = { crt: pem('nothing'), key: pem('nothing') };
  expect(await tlsProblem({ address, tls: { ...trusting(authority), clientCertPair } })).toMatch(
    /^The files for TLS to the Temporal server cannot be used \(ERR_OSSL_\w+\)/,
  );
});

test('a server without TLS, and one that is asked without', async () => {
  const plain = await listening(createServer((socket) => socket.on('error', () => undefined).end('hello')));
  expect(await tlsProblem({ address: plain, tls: true })).toContain('speaks no TLS');
  expect(await tlsProblem({ address: plain })).toBeUndefined();
  expect(await tlsProblem({ address: await serving(good) })).toContain(
    'speaks TLS, and it was asked without',
  );
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function untilListening(port: number): Promise<void> {
  await eventually('the server listens', async () => {
    const socket = tls.connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
    return Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'close').then(() => undefined),
    ])
      .catch(() => undefined)
      .finally(() => socket.destroy());
  });
}
