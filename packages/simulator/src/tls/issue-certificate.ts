import {
  createHash,
  createPrivateKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  type KeyObject,
} from 'node:crypto';
import { der } from './der';

const HOUR_MS = 3_600_000;
/** Starts a little in the past, so that a client whose clock is behind still trusts it. */
const STARTED_MS = 24 * HOUR_MS;
const LASTS_MS = 30 * 24 * HOUR_MS;

const ECDSA_WITH_SHA256 = der.sequence(der.oid('1.2.840.10045.4.3.2'));

export interface Issued {
  readonly cert: string;
  readonly key: string;
  readonly commonName: string;
  readonly keyId: Buffer;
}

export interface CertificateRequest {
  readonly commonName: string;
  /** Absent for an authority, which signs itself. */
  readonly issuer?: Issued;
}

function name(commonName: string): Buffer {
  return der.sequence(der.set(der.sequence(der.oid('2.5.4.3'), der.utf8(commonName))));
}

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  return der.sequence(der.oid(id), ...(critical ? [der.boolean(true)] : []), der.octetString(value));
}

/** Loopback under both of its names; what a client connects to must be in here. */
const LOOPBACK_NAMES = der.sequence(
  der.implicit(2, Buffer.from('localhost')),
  der.implicit(7, Buffer.from([127, 0, 0, 1])),
);

function extensions(isAuthority: boolean, keyId: Buffer, issuerKeyId: Buffer): Buffer[] {
  const usage = isAuthority ? der.bitString(Buffer.from([0x06]), 1) : der.bitString(Buffer.from([0x80]), 7);
  return [
    extension('2.5.29.19', true, der.sequence(...(isAuthority ? [der.boolean(true)] : []))),
    extension('2.5.29.15', true, usage),
    extension('2.5.29.14', false, der.octetString(keyId)),
    extension('2.5.29.35', false, der.sequence(der.implicit(0, issuerKeyId))),
    ...(isAuthority ? [] : [extension('2.5.29.17', false, LOOPBACK_NAMES)]),
  ];
}

function pem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function sealed(body: Buffer, key: KeyObject): string {
  return pem(der.sequence(body, ECDSA_WITH_SHA256, der.bitString(sign('sha256', body, key))));
}

/** Issues a certificate with a fresh P-256 key: an authority, or a server on loopback signed by one. */
export function issueCertificate({ commonName, issuer }: CertificateRequest): Issued {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const keyId = createHash('sha1').update(spki).digest();
  const nowMs = Date.now();
  const body = der.sequence(
    der.explicit(0, der.integer(Buffer.from([2]))),
    der.integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    ECDSA_WITH_SHA256,
    name(issuer?.commonName ?? commonName),
    der.sequence(der.time(new Date(nowMs - STARTED_MS)), der.time(new Date(nowMs + LASTS_MS))),
    name(commonName),
    spki,
    der.explicit(3, der.sequence(...extensions(!issuer, keyId, issuer?.keyId ?? keyId))),
  );
  const cert = sealed(body, issuer ? createPrivateKey(issuer.key) : privateKey);
  return { cert, key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), commonName, keyId };
}
