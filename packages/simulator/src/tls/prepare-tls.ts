import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { OptionError } from '../option-error';
import type { SimulatorOptions } from '../simulator-options';
import { issueCertificate } from './issue-certificate';
import type { ServerCertificate } from './server-certificate';

export interface Tls {
  readonly certificate: ServerCertificate | undefined;
  /** File with the authority to trust; null without `--tls` or with a certificate of the user's own. */
  readonly caFile: string | null;
  readonly remove: () => void;
}

function read(flag: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new OptionError(`${flag} ${path} cannot be read: give the path of a readable PEM file.`);
  }
}

function ownCertificate(certPath: string, keyPath: string): ServerCertificate {
  const certificate = { cert: read('--tls-cert', certPath), key: read('--tls-key', keyPath) };
  try {
    createSecureContext(certificate);
  } catch {
    throw new OptionError(
      `--tls-cert ${certPath} and --tls-key ${keyPath} are not a PEM certificate and its key: give a pair that belongs together.`,
    );
  }
  return certificate;
}

async function freshAuthority(): Promise<Tls> {
  const authority = await issueCertificate({ commonName: 'Snapflow simulator authority' });
  const certificate = await issueCertificate({ commonName: 'Snapflow simulator', issuer: authority });
  const folder = mkdtempSync(join(tmpdir(), 'snapflow-simulator-'));
  const caFile = join(folder, 'ca.pem');
  writeFileSync(caFile, authority.cert);
  return { certificate, caFile, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The certificate to serve with: the user's own, a fresh one of a fresh authority, or none. */
export async function prepareTls({ tls, tlsCert, tlsKey }: SimulatorOptions): Promise<Tls> {
  const none = { caFile: null, remove: () => undefined };
  if (tlsCert !== undefined && tlsKey !== undefined) {
    return { ...none, certificate: ownCertificate(tlsCert, tlsKey) };
  }
  if (tlsCert !== undefined || tlsKey !== undefined) {
    const [given, missing] =
      tlsCert === undefined ? ['--tls-key', '--tls-cert'] : ['--tls-cert', '--tls-key'];
    throw new OptionError(`${given} ${tlsCert ?? tlsKey} was given alone: add ${missing} FILE.`);
  }
  return tls ? freshAuthority() : { ...none, certificate: undefined };
}
