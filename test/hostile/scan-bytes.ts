import { gunzipSync } from 'node:zlib';
import { findSecrets } from '../rig/find-secrets';

/** Base64 of gzip begins so, whatever is in it. */
const GZIP_IN_BASE64 = /H4sI[A-Za-z0-9+/_-]{16,}/g;

/**
 * Which secrets are in these bytes: raw, as JSON and URLs write them, in base64 at any alignment, in hexadecimal, and in
 * gzip within base64.
 */
export function secretsIn(secrets: readonly string[], bytes: Buffer): readonly string[] {
  const text = bytes.toString('latin1');
  const unpacked = [...text.matchAll(GZIP_IN_BASE64)].map(([packed]) => unpack(packed));
  const lower = text.toLowerCase();
  return secrets.filter((secret) => {
    // One character for each byte, as the text has.
    const asBytes = Buffer.from(secret, 'utf8').toString('latin1');
    const hex = Buffer.from(secret, 'utf8').toString('hex');
    return findSecrets([secret, asBytes], [text, ...unpacked]).length > 0 || lower.includes(hex);
  });
}

function unpack(packed: string): string {
  try {
    return gunzipSync(Buffer.from(packed, 'base64')).toString('utf8');
  } catch {
    return '';
  }
}
