import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningSimulator, startSimulator } from '../../../packages/simulator/src/start-simulator';
import type { VsphereSettings } from '../../../src/vsphere';
import { Control } from '../../environment/control';
import { openEnvironment } from '../../environment/open-environment';
import { closingAll } from '../../environment/opened';
import { makeCertificate, type Certificate } from '../../unit/vsphere/certificate';
import { expectRefusal } from './expect-refusal';

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
export const untrustedCertificates = (): Promise<void> =>
  closingAll(async (opened) => {
    const sites = await Promise.all(
      Object.entries(CASES).map(async ([key, [certificate, trust, ...says]]) => {
        const site = await opened.keep(startSite(certificate), (each) => each.stop());
        return { key, site, trust, says };
      }),
    );
    const connections = sites.map(({ key, site, trust }) => {
      const { vcenterUrl, applianceUrl, username, password } = site;
      return [key, { vcenterUrl, applianceUrl, username, password, ...trust }] as const;
    });
    const env = await opened.keep(
      openEnvironment({ as: 'threads', alsoConnected: () => Object.fromEntries(connections) }),
      (each) => each.close(),
    );
    await Promise.all(
      sites.map(async ({ key, site, says }) => {
        await expectRefusal(env, { key, type: 'Unreachable', says });
        const control = new Control(site.controlUrl);
        expect({ key, ledger: await control.ledger() }).toEqual({ key, ledger: [] });
        // Where the appliance alone is an impostor, vCenter was asked, and nothing else.
        const { calls } = await control.calls();
        const mayBeAsked = key === 'appliance' ? /^(vcenter|vm|cluster|vijson)\./ : /^$/;
        expect({ key, calls: Object.keys(calls).filter((call) => !mayBeAsked.test(call)) }).toEqual({
          key,
          calls: [],
        });
      }),
    );
  });

/** It reads its certificate when it starts. */
async function startSite({ cert, key }: Certificate): Promise<RunningSimulator> {
  const folder = mkdtempSync(join(tmpdir(), 'snapflow-certificate-'));
  const [tlsCert, tlsKey] = [join(folder, 'site.pem'), join(folder, 'site.key')];
  try {
    writeFileSync(tlsCert, cert);
    writeFileSync(tlsKey, key);
    return await startSimulator({ tlsCert, tlsKey });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
