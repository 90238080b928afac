import { secretForms } from './secret-forms';

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
