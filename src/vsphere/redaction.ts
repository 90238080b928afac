import { singleLine } from '../contract/text';

/** Server texts are shown to people and kept in histories; a page of HTML is of no use there. */
const MAX_SERVER_TEXT_CHARACTERS = 500;

/** Makes a server's text fit to be shown: without control characters, without the given secrets, not too long. */
export function redact(text: string, secrets: Iterable<string>, most = MAX_SERVER_TEXT_CHARACTERS): string {
  const clean = singleLine(mask(text, secrets)).trim();
  // The cut may leave half a character.
  return clean.length <= most ? clean : `${singleLine(clean.slice(0, most)).trimEnd()}…`;
}

/** The text without these, the longest first. */
export function mask(text: string, secrets: Iterable<string>): string {
  let masked = text;
  for (const secret of secrets)
    if (secret !== '' && secret.length <= masked.length) masked = masked.replaceAll(secret, '[secret]');
  return masked;
}

/** What is shorter guards nothing, and masking it would only garble a text. */
export const SHORTEST_SECRET = 4;

/**
 * The forms in which a text may repeat a secret: as it is, as in JSON or in a URL, hexadecimal, and within a base64 text,
 * as a header with user and password is. The longest first: a part of it that were masked before would leave the rest.
 */
function secretForms(secret: string): readonly string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const encoded = [
    JSON.stringify(secret).slice(1, -1),
    // From bytes and back: half a character would be refused.
    encodeURIComponent(bytes.toString('utf8')),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    ...[0, 1, 2].flatMap((offset) => base64Within(bytes, offset)),
  ].filter((form) => form.length >= SHORTEST_SECRET);
  return [...new Set([secret, ...encoded])]
    .filter((form) => form !== '')
    .toSorted((a, b) => b.length - a.length);
}

/** The part of a base64 text that depends on these bytes alone, when `offset` bytes (modulo 3) are in front of them. */
function base64Within(secret: Buffer, offset: number): readonly string[] {
  const bytes = Buffer.concat([Buffer.alloc(offset), secret]);
  const whole = bytes.toString('base64').replaceAll('=', '');
  const part = whole.slice([0, 2, 3][offset], bytes.length % 3 === 0 ? undefined : -1);
  return [part, part.replaceAll('+', '-').replaceAll('/', '_')];
}

/** The last few sessions of one host, and apart from them, so that no number of sessions drives them out, its passwords. */
const MAX_SESSIONS = 16;
/** The password, and those before it. Each also as the header and the XML that it is sent in. */
const MAX_PASSWORDS = 16;

/**
 * Secrets in every form in which a text may repeat them, the longest first: a header with a password in it goes before the
 * part that is the password's. Where there are too many, the least recently used one is forgotten.
 */
export class SecretStore implements Iterable<string> {
  readonly #formsOf = new Map<string, readonly string[]>();
  #sorted: readonly string[] | undefined;

  /** @param shortest what has fewer characters is not kept */
  constructor(
    private readonly most: number,
    private readonly shortest = 1,
  ) {}

  /** @returns whether it was not there yet */
  add(secret: string): boolean {
    if (secret.length < this.shortest) return false;
    const before = this.#formsOf.get(secret);
    this.#formsOf.delete(secret);
    this.#formsOf.set(secret, before ?? secretForms(secret));
    if (before !== undefined) return false;
    const [oldest] = this.#formsOf.size > this.most ? this.#formsOf.keys() : [];
    if (oldest !== undefined) this.#formsOf.delete(oldest);
    this.#sorted = undefined;
    return true;
  }

  [Symbol.iterator](): Iterator<string> {
    this.#sorted ??= longestFirst([...this.#formsOf.values()].flat());
    return this.#sorted.values();
  }
}

const longestFirst = (forms: readonly string[]): readonly string[] =>
  forms.toSorted((a, b) => b.length - a.length);

/**
 * The secrets that one host was told or gave lately: no text of it is shown with one of them, whichever call it answers. A
 * server may repeat in one reply what it learnt in another.
 */
export class RecentSecrets implements Iterable<string> {
  readonly #passwords = new SecretStore(MAX_PASSWORDS);
  readonly #sessions = new SecretStore(MAX_SESSIONS);
  #forms: readonly string[] | undefined;

  constructor(private readonly tell: (secret: string) => void = () => undefined) {}

  addPassword(password: string): void {
    this.#add(this.#passwords, password);
  }

  addSession(session: string): void {
    this.#add(this.#sessions, session);
  }

  [Symbol.iterator](): Iterator<string> {
    this.#forms ??= longestFirst([...this.#passwords, ...this.#sessions]);
    return this.#forms.values();
  }

  #add(store: SecretStore, secret: string): void {
    if (store.add(secret)) this.#forms = undefined;
    this.tell(secret);
  }
}
