/** Server texts are shown to people and kept in histories; a page of HTML is of no use there. */
const MAX_SERVER_TEXT_CHARACTERS = 500;

/** What moves a cursor, colours, turns what follows around, or is half a character. */
const NEVER_SHOWN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu;

/** Makes a server's text fit to be shown: without control characters, without the given secrets, not too long. */
export function redact(text: string, secrets: Iterable<string>, most = MAX_SERVER_TEXT_CHARACTERS): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret !== '' && secret.length <= clean.length) clean = clean.replaceAll(secret, '[secret]');
  }
  clean = clean.replaceAll(NEVER_SHOWN, ' ').trim();
  // The cut may leave half a character.
  return clean.length <= most ? clean : `${clean.slice(0, most).replaceAll(NEVER_SHOWN, '')}…`;
}

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

/** The last few sessions of one host, and apart from them, so that no number of sessions drives them out, its passwords. */
const MAX_SESSIONS = 16;
/** The password, and those before it; each also as the header and the XML that it is sent in. */
const MAX_PASSWORDS = 16;

/**
 * The secrets that one host was told or gave lately, in every form in which a text may repeat them: no text of it is shown
 * with one of them, whichever call it answers. A server may repeat in one reply what it learnt in another.
 */
export class RecentSecrets implements Iterable<string> {
  readonly #passwords = new Map<string, readonly string[]>();
  readonly #sessions = new Map<string, readonly string[]>();

  #forms: readonly string[] | undefined;

  constructor(private readonly tell: (secret: string) => void = () => undefined) {}

  addPassword(password: string): void {
    this.#add(this.#passwords, password, MAX_PASSWORDS);
  }

  addSession(session: string): void {
    this.#add(this.#sessions, session, MAX_SESSIONS);
  }

  /** Their forms, the longest first: the header that a password is in goes before the part that is the password's. */
  [Symbol.iterator](): Iterator<string> {
    this.#forms ??= [...this.#passwords.values(), ...this.#sessions.values()]
      .flat()
      .toSorted((a, b) => b.length - a.length);
    return this.#forms.values();
  }

  /** The least recently used one is forgotten where there are too many. */
  #add(known: Map<string, readonly string[]>, secret: string, most: number): void {
    const before = known.get(secret);
    known.delete(secret);
    known.set(secret, before ?? secretForms(secret));
    const [oldest] = known.size > most ? known.keys() : [];
    if (oldest !== undefined) known.delete(oldest);
    if (before === undefined) this.#forms = undefined;
    this.tell(secret);
  }
}
