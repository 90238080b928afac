/** The few DER encodings that a certificate consists of (X.690); lengths up to 64 KiB. */

function length(bytes: number): Buffer {
  if (bytes < 0x80) return Buffer.from([bytes]);
  return bytes < 0x100 ? Buffer.from([0x81, bytes]) : Buffer.from([0x82, bytes >> 8, bytes & 0xff]);
}

function element(tag: number, ...content: readonly Buffer[]): Buffer {
  const value = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag]), length(value.length), value]);
}

function base128(value: number): number[] {
  const bytes = [value & 0x7f];
  for (let rest = value >> 7; rest > 0; rest >>= 7) bytes.unshift((rest & 0x7f) | 0x80);
  return bytes;
}

export const der = {
  sequence: (...content: readonly Buffer[]) => element(0x30, ...content),
  set: (...content: readonly Buffer[]) => element(0x31, ...content),
  /** A non-negative integer, given as big-endian bytes. */
  integer: (bytes: Buffer) =>
    element(0x02, (bytes[0] ?? 0) >= 0x80 ? Buffer.from([0]) : Buffer.alloc(0), bytes),
  boolean: (value: boolean) => element(0x01, Buffer.from([value ? 0xff : 0])),
  bitString: (bytes: Buffer, unusedBits = 0) => element(0x03, Buffer.from([unusedBits]), bytes),
  octetString: (bytes: Buffer) => element(0x04, bytes),
  utf8: (text: string) => element(0x0c, Buffer.from(text, 'utf8')),
  oid: (dotted: string) => {
    const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
    return element(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
  },
  /** UTCTime, which RFC 5280 asks for until 2049. */
  time: (at: Date) =>
    element(
      0x17,
      Buffer.from(
        `${at
          .toISOString()
          .replace(/[-:T]|\..*$/g, '')
          .slice(2)}Z`,
        'ascii',
      ),
    ),
  /** Context-specific tag around whole elements. */
  explicit: (tag: number, ...content: readonly Buffer[]) => element(0xa0 | tag, ...content),
  /** Context-specific tag in place of a primitive's own. */
  implicit: (tag: number, bytes: Buffer) => element(0x80 | tag, bytes),
};
