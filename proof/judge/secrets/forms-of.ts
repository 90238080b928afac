/** A way in which a secret can stand in a text of bytes. */
export interface Form {
  readonly how: string;
  readonly needle: string;
  /** Found whatever the case: the needle is in lower case. */
  readonly anyCase: boolean;
}

/** The ways that need no decoding of what is around the secret. */
export function formsOf(secret: string): readonly Form[] {
  const bytes = Buffer.from(secret, 'utf8');
  const base64 = [0, 1, 2].map((offset) => base64Within(bytes, offset));
  const exact = (how: string, needle: string): Form => ({ how, needle, anyCase: false });
  const folded = (how: string, needle: string): Form => ({
    how,
    needle: needle.toLowerCase(),
    anyCase: true,
  });
  const eachByte = (form: (byte: number) => string) => [...bytes].map(form).join('');
  const hex = (byte: number, digits: number) => byte.toString(16).padStart(digits, '0');
  return [
    exact('raw', bytes.toString('latin1')),
    exact('escaped as JSON', Buffer.from(JSON.stringify(secret).slice(1, -1), 'utf8').toString('latin1')),
    exact('percent-encoded', encodeURIComponent(secret)),
    folded(
      'percent-encoded',
      eachByte((byte) => `%${hex(byte, 2)}`),
    ),
    folded('in hex', bytes.toString('hex')),
    folded(
      'in hex',
      eachByte((byte) => `\\x${hex(byte, 2)}`),
    ),
    folded(
      'escaped as JSON',
      secret.replaceAll(/[^]/g, (char) => `\\u${hex(char.charCodeAt(0), 4)}`),
    ),
    ...base64.map((needle) => exact('as base64', needle)),
    ...base64.map((needle) => exact('as base64', needle.replaceAll('+', '-').replaceAll('/', '_'))),
    exact('as UTF-16', Buffer.from(secret, 'utf16le').toString('latin1')),
  ];
}

/** The part of the base64 that depends on the secret alone when `offset` bytes are in front of it, modulo 3. */
function base64Within(secret: Buffer, offset: number): string {
  const bytes = Buffer.concat([Buffer.alloc(offset), secret]);
  const text = bytes.toString('base64').replaceAll('=', '');
  const skipped = [0, 2, 3][offset] ?? 0;
  return text.slice(skipped, bytes.length % 3 === 0 ? undefined : -1);
}
