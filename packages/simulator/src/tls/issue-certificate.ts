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
