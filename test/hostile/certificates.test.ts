import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { issueCertificate, type Issued } from '../../packages/simulator/src/certificates';
import { openConnection, VsphereError, type VsphereHost, type VsphereSettings } from '../../src/vsphere';
import { startLoopbackSite, json } from '../unit/vsphere/loopback-site';
import { makeCertificate } from '../unit/vsphere/certificate';

const DAY_MS = 24 * 3_600_000;

const server = (issuer: Issued, offsetMs = 0): Promise<Issued> =>
  issueCertificate({ commonName: 'localhost', issuer, at: new Date(Date.now() + offsetMs) });

/** Signed by the authority, and good for clients only. */
function forClients(authority: Issued): Shown {
  const folder = mkdtempSync(join(tmpdir(), 'snapflow-hostile-'));
  const file = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' });
  try {
    writeFileSync(file('ca.pem'), authority.cert);
    writeFileSync(file('ca.key'), authority.key);
    writeFileSync(file('ext'), 'subjectAltName=IP:127.0.0.1\nextendedKeyUsage=clientAuth\n');
    openssl(
      'req',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-subj',
      '/CN=x',
      '-keyout',
      file('key'),
      '-out',
      file('csr'),
    );
    const by = ['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-CAcreateserial', '-days', '2'];
    openssl('x509', '-req', '-in', file('csr'), ...by, '-extfile', file('ext'), '-out', file('cert'));
    return { cert: readFileSync(file('cert'), 'utf8'), key: readFileSync(file('key'), 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Shown {
  readonly cert: string;
  readonly key: string;
}
type Trust = (host: VsphereHost) => Partial<VsphereSettings>;

/** What is shown where another is expected, and the one that both hosts may show. */
async function issueAll() {
  const authority = await issueCertificate({ commonName: 'our authority' });
  const other = await issueCertificate({ commonName: 'another authority' });
  const impostor = await issueCertificate({ commonName: 'our authority' });
  const ended = new Date(Date.now() - 60 * DAY_MS);
  const oldAuthority = await issueCertificate({ commonName: 'an authority that has ended', at: ended });
  const leaf = await server(authority);
  const belowLeaf = await server(leaf);
  return {
    authority,
    oldAuthority,
    trusted: await server(authority),
    another: await server(authority),
    ofOther: await server(other),
    ofImpostor: await server(impostor),
    ofOldAuthority: await server(oldAuthority),
    belowLeaf: { key: belowLeaf.key, cert: belowLeaf.cert + leaf.cert },
    expired: await server(authority, -60 * DAY_MS),
    early: await server(authority, 10 * DAY_MS),
    elsewhere: makeCertificate('127.0.0.9'),
    ownSigned: makeCertificate(),
    forClients: forClients(authority),
  };
}
type All = Awaited<ReturnType<typeof issueAll>>;

let all: All;
beforeAll(async () => {
  all = await issueAll();
});

const pinOf = ({ cert }: Shown): string => new X509Certificate(cert).fingerprint256;

const ours: Trust = () => ({ ca: all.authority.cert });
/** Both hosts are pinned; at the bad one something else is shown. */
const pinned =
  (shown: keyof All, more: () => Partial<VsphereSettings>): Trust =>
  (bad) => ({
    ...more(),
    thumbprint: {
      vcenter: pinOf(bad === 'vcenter' ? all[shown] : all.trusted),
      appliance: pinOf(bad === 'appliance' ? all[shown] : all.trusted),
    },
  });

const BAD: readonly (readonly [string, keyof All, Trust])[] = [
  ['has expired', 'expired', ours],
  ['is not valid yet', 'early', ours],
  ['is for another host', 'elsewhere', () => ({ ca: `${all.authority.cert}${all.elsewhere.cert}` })],
  ['is signed by itself', 'ownSigned', ours],
  ['is signed by another authority', 'ofOther', ours],
  ["is signed by an impostor of the authority's name", 'ofImpostor', ours],
  ['is signed by a certificate that is no authority', 'belowLeaf', ours],
  [
    'is signed by an authority that has ended',
    'ofOldAuthority',
    () => ({ ca: all.authority.cert + all.oldAuthority.cert }),
  ],
  ['is good for clients only', 'forClients', ours],
  [
    'is not the pinned one, though its authority is trusted',
    'another',
    pinned('trusted', () => ({ ca: all.authority.cert })),
  ],
  [
    'is not the pinned one, with the check of the chain off',
    'ofOther',
    pinned('trusted', () => ({ tlsVerify: false })),
  ],
];

/** Counts every byte that a client sends after the handshake, whatever it is. */
async function listen({ key, cert }: Shown) {
  let bytes = 0;
  const listener = createServer({ key, cert }, (socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => (bytes += chunk.length));
  });
  listener.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${port}`,
    bytes: () => bytes,
    stop: () => new Promise((resolve) => listener.close(resolve)),
  };
}

test('there are at least eight bad certificates', () => {
  expect(BAD.length).toBeGreaterThanOrEqual(8);
});

describe.each(['vcenter', 'appliance'] as const)('a certificate of the %s that', (bad) => {
  test.each(BAD)('%s is refused before a byte is sent there', async (_what, shown, trust) => {
    const good = await startLoopbackSite((_call, response) => json(response, 200, []), all.trusted);
    const evil = await listen(all[shown]);
    const connection = openConnection({
      name: 'lab',
      vcenterUrl: bad === 'vcenter' ? evil.url : good.url,
      applianceUrl: bad === 'appliance' ? evil.url : good.url,
      username: 'w',
      password: 'correct-horse-battery',
      callDeadlineMs: 5_000,
      ...trust(bad),
    });
    const { appliance, vcenter } = connection;
    const calls =
      bad === 'appliance'
        ? [() => appliance.getTask('t'), () => appliance.startRevert('c', 'v', { snapshot: 's' })]
        : [() => vcenter.listVms({ names: ['x'] }), () => vcenter.deleteVm('vm-1')];
    try {
      for (const call of calls) {
        const error: unknown = await call().then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
        expect(error).toBeInstanceOf(VsphereError);
        expect(error).toMatchObject({ kind: 'tls', effect: 'none', host: bad });
      }
      expect(evil.bytes()).toBe(0);
      // The same settings reach the other host: it is the certificate that was refused.
      if (bad === 'appliance') expect(await vcenter.listVms({ names: ['x'] })).toEqual([]);
      else
        expect(await appliance.listSnapshots('c', 'v').catch((e: VsphereError) => e.kind)).toBe('malformed');
    } finally {
      await connection.close();
      await evil.stop();
      await good.close();
    }
  });
});
