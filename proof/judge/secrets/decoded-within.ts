import { gunzipSync, inflateSync } from 'node:zlib';

/** What a text encodes, as bytes in latin1. */
export interface Decoded {
  readonly how: string;
  readonly content: string;
}

/** A part of a round is a few MiB; a bomb is not unpacked further. */
const MAX_UNPACKED_BYTES = 16 * 1024 * 1024;
/** Shorter runs of base64 hold no secret of eight bytes. */
const BASE64_RUN = /[A-Za-z0-9+/_-]{12,}={0,2}/g;
/** How gzip begins in base64, wherever the text before it ends. */
const GZIP_IN_BASE64 = /H4sI[A-Za-z0-9+/_-]*={0,2}/g;
const HEX_RUN = /(?:[0-9a-fA-F]{2}){16,}/g;

/** Everything that decodes: escapes of the whole text, runs of base64 and hex in it, compressed bytes. */
export function decodedWithin(text: string): readonly Decoded[] {
  return [
    ...changed('escapes', text, unescaped(text)),
    ...changed('percent-encoding', text, percentDecoded(text)),
    ...unpacked(Buffer.from(text, 'latin1')),
    ...runs(text, GZIP_IN_BASE64, 'base64').flatMap(unpacked),
    ...runs(text, BASE64_RUN, 'base64').flatMap((bytes) => [
      { how: 'base64', content: bytes.toString('latin1') },
    ]),
    ...runs(text, HEX_RUN, 'hex').flatMap((bytes) => [{ how: 'hex', content: bytes.toString('latin1') }]),
  ];
}

const changed = (how: string, before: string, content: string): readonly Decoded[] =>
  content === before ? [] : [{ how, content }];

const runs = (text: string, pattern: RegExp, encoding: 'base64' | 'hex'): readonly Buffer[] =>
  [...text.matchAll(pattern)].map(([run]) => Buffer.from(run, encoding));

/** JSON within JSON: one level in one pass, from the left, as a parser does. What is not ASCII becomes UTF-8 again. */
const unescaped = (text: string): string =>
  text.replaceAll(/((?:\\u[0-9a-fA-F]{4})+)|\\(["\\/])/g, (_, units: string | undefined, char: string) =>
    units === undefined ? char : Buffer.from(codeUnits(units), 'utf8').toString('latin1'),
  );

const codeUnits = (escapes: string): string =>
  escapes.replaceAll(/\\u(.{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

const percentDecoded = (text: string): string =>
  text.replaceAll(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

function unpacked(bytes: Buffer): readonly Decoded[] {
  const limit = { maxOutputLength: MAX_UNPACKED_BYTES };
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const isZlib = bytes[0] === 0x78 && [0x01, 0x5e, 0x9c, 0xda].includes(bytes[1] ?? 0);
  if (!isGzip && !isZlib) return [];
  try {
    const content = isGzip ? gunzipSync(bytes, limit) : inflateSync(bytes, limit);
    return [{ how: isGzip ? 'gzip' : 'zlib', content: content.toString('latin1') }];
  } catch {
    return []; // it only looked compressed
  }
}
