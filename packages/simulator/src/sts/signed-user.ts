import { gunzipSync } from 'node:zlib';
import type { World } from '../world/world';

/** A real assertion has a few KiB; the bound stops a gzip bomb. */
const MAX_ASSERTION_BYTES = 256 * 1024;

function unpack(token: string): string | undefined {
  try {
    const packed = Buffer.from(token, 'base64');
    return gunzipSync(packed, { maxOutputLength: MAX_ASSERTION_BYTES }).toString('utf8');
  } catch {
    return undefined;
  }
}

/** The user of `Authorization: SIGN token="<base64(gzip(assertion))>"`, with quotes or without, at this host's time. */
export function signedUser(world: World, header: string | undefined, nowMs: number): string | undefined {
  const [, quoted, bare] = /^SIGN\s+token=(?:"([^"]+)"|([^\s",]+))/i.exec(header ?? '') ?? [];
  const token = quoted ?? bare;
  const assertion = token === undefined ? undefined : unpack(token);
  return assertion === undefined ? undefined : world.assertions.userOf(assertion, nowMs);
}
