import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunningSimulator } from '../../../src/simulator/running-simulator';
import { startSimulator } from '../../../src/simulator/start-simulator';
import type { VsphereSettings } from '../../../src/vsphere';
import { Control } from '../../rig/control';
import { expectSentence } from '../../rig/expect-sentence';
import { failureOf } from '../../rig/failure-of';
import { startRig } from '../../rig/start-rig';
import { makeCertificate, type Certificate } from '../../unit/vsphere/certificate';

const good = makeCertificate();
const other = makeCertificate();
const expired = makeCertificate('127.0.0.1', { expired: true });
const elsewhere = makeCertificate('127.0.0.9');

/** Certificate of the site, what its connection trusts, then the failure's words: what is wrong, and the remedy. */
const CASES: Record<string, readonly [Certificate, Partial<VsphereSettings>, string, string]> = {
  expired: [
    expired,
    { ca: expired.cert },
    "the server's certificate has expired (CERT_HAS_EXPIRED)",
    'renew it on the server',
  ],
  elsewhere: [
    elsewhere,
    { ca: elsewhere.cert },
    "the server's certificate is for another host",
    'give in vcenterUrl a host name that the certificate holds',
  ],
  unknown: [
    good,
    { ca: other.cert },
    "the server's certificate is signed by an authority that is not trusted here",
    'give that authority as caFile, or pin the certificate with thumbprint',
  ],
  impostor: [
    good,
    { thumbprint: other.thumbprint },
    good.thumbprint,
    'if the certificate was replaced on purpose, set thumbprint to the new one',
  ],
  appliance: [
    good,
    { thumbprint: { vcenter: good.thumbprint, appliance: other.thumbprint } },
    good.thumbprint,
    'find out who answers there',
  ],
};

/** A certificate that cannot be trusted is one sentence after the attempts, and nothing was asked of the site. */
export async function untrustedCertificates(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'snapflow-certificates-'));
  const sites = new Map<string, RunningSimulator>();
  for (const [key, [certificate]] of Object.entries(CASES))
    sites.set(key, await startSite(folder, key, certificate));
  const connections = Object.entries(CASES).map(([key, [, trust]]) => {
    const { vcenterUrl, applianceUrl, username, password } = sites.get(key)!;
    return [key, { vcenterUrl, applianceUrl, username, password, ...trust }] as const;
  });
  const rig = await startRig({ alsoConnected: () => Object.fromEntries(connections) });
  const failures = await Promise.all(
    Object.entries(CASES).map(async ([key, expected]) => {
      const connection = `${rig.connection}-${key}`;
      const clone = await rig.snapflow.clone({ connection, vm: 'web-01', snapshot: 'latest', name: 'ci-1' });
      return [key, expected, await failureOf(clone)] as const;
    }),
  );
  for (const [key, [, , why, remedy], { type, exitCode, message }] of failures) {
    expect({ key, type, exitCode, message }).toMatchObject({ type: 'Unreachable', exitCode: 4 });
    expectSentence(message, `(connection ${rig.connection}-${key})`, why, remedy);
    const control = new Control(sites.get(key)!.controlUrl);
    expect({ key, ledger: await control.ledger() }).toEqual({ key, ledger: [] });
    // Where the appliance alone is an impostor, vCenter was asked, and nothing else.
    const { calls } = await control.calls();
    expect(
      Object.keys(calls).filter((call) => key !== 'appliance' || !/^(vcenter|vm|cluster)\./.test(call)),
    ).toEqual([]);
  }
  await rig.stop();
  for (const site of sites.values()) await site.stop();
  rmSync(folder, { recursive: true, force: true });
}

function startSite(
  folder: string,
  name: string,
  { cert, key }: Certificate,
): ReturnType<typeof startSimulator> {
  const [tlsCert, tlsKey] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)];
  writeFileSync(tlsCert, cert);
  writeFileSync(tlsKey, key);
  return startSimulator({ tlsCert, tlsKey });
}
