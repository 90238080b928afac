/** What is shorter guards nothing, and masking it would only garble a text. */
const SHORTEST = 4;

/**
 * The forms in which a text may repeat a secret: as it is, as in JSON or in a URL, hexadecimal, and within a base64 text,
 * as a header with user and password is. The longest first: a part of it that were masked before would leave the rest.
 */
export const secretForms = (secret: string): readonly string[] => {
  const bytes = Buffer.from(secret, 'utf8');
  const encoded = [
    JSON.stringify(secret).slice(1, -1),
    // From bytes and back: half a character would be refused.
    encodeURIComponent(bytes.toString('utf8')),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    ...[0, 1, 2].flatMap((offset) => base64Within(bytes, offset)),
  ].filter((form) => form.length >= SHORTEST);
  return [...new Set([secret, ...encoded])]
    .filter((form) => form !== '')
    .toSorted((a, b) => b.length - a.length);
};

/** The part of a base64 text that depends on these bytes alone, when `offset` bytes (modulo 3) are in front of them. */
function base64Within(secret: Buffer, offset: number): readonly string[] {
  const bytes = Buffer.concat([Buffer.alloc(offset), secret]);
  const whole = bytes.toString('base64').replaceAll('=', '');
  const part = whole.slice([0, 2, 3][offset], bytes.length % 3 === 0 ? undefined : -1);
  return [part, part.replaceAll('+', '-').replaceAll('/', '_')];
}
