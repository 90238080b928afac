/** Passwords, sessions and their encodings of a hundred connections; those in use are told again with every call. */
const MAX_SECRETS = 1_000;
/** What is shorter guards nothing, and masking it would only garble the log. */
const SHORTEST = 4;

/** The secrets that this process uses now, in the forms in which a text may repeat them. */
export class KnownSecrets {
  readonly #formsOf = new Map<string, readonly string[]>();

  /** The least recently used one is forgotten where there are too many. */
  add(secret: string): void {
    if (secret.length < SHORTEST) return;
    const forms = this.#formsOf.get(secret) ?? formsOf(secret);
    this.#formsOf.delete(secret);
    this.#formsOf.set(secret, forms);
    const [oldest] = this.#formsOf.size > MAX_SECRETS ? this.#formsOf.keys() : [];
    if (oldest !== undefined) this.#formsOf.delete(oldest);
  }

  /** The text without them. */
  mask(text: string): string {
    let masked = text;
    for (const forms of this.#formsOf.values())
      for (const form of forms) if (masked.includes(form)) masked = masked.replaceAll(form, '[secret]');
    return masked;
  }
}

/** The longest first: a part of it that were masked before would leave the rest. */
const formsOf = (secret: string): readonly string[] => {
  const bytes = Buffer.from(secret, 'utf8');
  const forms = [
    secret,
    JSON.stringify(secret).slice(1, -1),
    // From bytes and back: half a character would be refused.
    encodeURIComponent(bytes.toString('utf8')),
    bytes.toString('hex'),
    ...[0, 1, 2].flatMap((offset) => base64Within(bytes, offset)),
  ];
  return [...new Set(forms)].filter((form) => form !== '').toSorted((a, b) => b.length - a.length);
};

/** The part of a base64 text that depends on these bytes alone, when `offset` bytes (modulo 3) are in front of them. */
function base64Within(secret: Buffer, offset: number): readonly string[] {
  const bytes = Buffer.concat([Buffer.alloc(offset), secret]);
  const whole = bytes.toString('base64').replaceAll('=', '');
  const part = whole.slice([0, 2, 3][offset], bytes.length % 3 === 0 ? undefined : -1);
  return part.length < SHORTEST ? [] : [part, part.replaceAll('+', '-').replaceAll('/', '_')];
}
