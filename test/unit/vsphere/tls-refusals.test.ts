import { createServer, type Server } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { openConnection, type VsphereSettings } from '../../../src/vsphere';
import { makeCertificate, type Certificate } from './certificate';
import { rejection } from './rejection';

const good = makeCertificate();
const other = makeCertificate();
const elsewhere = makeCertificate('127.0.0.9');
const expired = makeCertificate('127.0.0.1', { expired: true });

/** Every byte that a client sends after the handshake, whatever it is. */
async function listen({
  key,
  cert,
}: Certificate): Promise<{ url: string; bytes: () => number; server: Server }> {
  let bytes = 0;
  const server = createServer({ key, cert }, (socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => (bytes += chunk.length));
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `https://127.0.0.1:${port}`, bytes: () => bytes, server };
}

const REFUSED: [string, Certificate, Partial<VsphereSettings>, string, RegExp][] = [
  [
    'an expired certificate',
    expired,
    { ca: expired.cert },
    'has expired (CERT_HAS_EXPIRED)',
    /; renew it on the server/,
  ],
  [
    'another host',
    elsewhere,
    { ca: elsewhere.cert },
    'is for another host',
    /; give in (vcenter|appliance)Url a host name/,
  ],
  [
    'an unknown authority',
    good,
    { ca: other.cert },
    'an authority that is not trusted here',
    /; give that authority as caFile/,
  ],
  [
    'another certificate than the pinned one',
    good,
    { thumbprint: other.thumbprint },
    good.thumbprint,
    /; if the certificate was replaced on purpose, set thumbprint/,
  ],
];

test.each(REFUSED)(
  '%s gets no byte of either host, and its own sentence',
  async (_what, certificate, trust, why, remedy) => {
    const { url, bytes, server } = await listen(certificate);
    const account = { username: 'w', password: 'correct-horse' };
    const connection = openConnection({
      name: 'lab',
      vcenterUrl: url,
      applianceUrl: url,
      ...account,
      ...trust,
    });
    const calls = [
      () => connection.appliance.startRevert('c', 'v', { snapshot: 's' }),
      () => connection.appliance.getTask('t'),
      () => connection.vcenter.getVm('v'),
    ];
    for (const call of calls) {
      const error = await rejection(call());
      expect(error).toMatchObject({ kind: 'tls', effect: 'none' });
      expect(error.message).toContain(why);
      expect(error.message).toMatch(remedy);
    }
    expect(bytes()).toBe(0);
    await connection.close();
    await new Promise((resolve) => server.close(resolve));
  },
);
