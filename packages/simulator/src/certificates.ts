import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { OptionError, type SimulatorOptions } from './simulator-options';

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

const DAY_MS = 24 * 3_600_000;
/** Starts a little in the past, so that a client whose clock is behind still trusts it. */
const STARTED_MS = DAY_MS;
const LASTS_MS = 30 * DAY_MS;

/** PEM texts of a certificate and its private key. */
export interface Issued {
  readonly cert: string;
  readonly key: string;
}

export interface CertificateRequest {
  readonly commonName: string;
  /** Absent for an authority, which signs itself. */
  readonly issuer?: Issued;
  /** The moment of issue; now by default. */
  readonly at?: Date;
}

/** Issues a certificate with a fresh P-256 key: an authority, or a server on loopback signed by one. */
export async function issueCertificate({
  commonName,
  issuer,
  at = new Date(),
}: CertificateRequest): Promise<Issued> {
  // Loaded here: a simulator without TLS starts without it.
  const { generate } = await import('selfsigned');
  const issued = await generate([{ name: 'commonName', value: commonName }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: new Date(at.getTime() - STARTED_MS),
    notAfterDate: new Date(at.getTime() + LASTS_MS),
    ...(issuer === undefined
      ? {
          extensions: [
            { name: 'basicConstraints', cA: true, critical: true },
            { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
          ],
        }
      : {
          ca: { key: issuer.key, cert: issuer.cert },
          extensions: [
            { name: 'basicConstraints', cA: false, critical: true },
            { name: 'keyUsage', digitalSignature: true, critical: true },
            // Loopback under both of its names; what a client connects to must be in here.
            {
              name: 'subjectAltName',
              altNames: [
                { type: 2, value: 'localhost' },
                { type: 7, ip: '127.0.0.1' },
              ],
            },
          ],
        }),
  });
  // It leaves out the last line end, without which two texts make no file.
  return { cert: `${issued.cert.trimEnd()}\n`, key: `${issued.private.trimEnd()}\n` };
}

/** PEM texts of what an HTTPS server shows and signs with. */
export interface ServerCertificate {
  readonly cert: string;
  readonly key: string;
}
