/** The password, its encodings, and the last few sessions of one host. */
const MAX_SECRETS = 16;

/**
 * The secrets that one host was told or gave lately: no text of it is shown with one of them, whichever call it answers.
 * A server may repeat in one reply what it learnt in another.
 */
export class RecentSecrets implements Iterable<string> {
  readonly #secrets = new Set<string>();

  constructor(private readonly tell: (secret: string) => void = () => undefined) {}

  /** The least recently used one is forgotten where there are too many. */
  add(secret: string): void {
    this.#secrets.delete(secret);
    this.#secrets.add(secret);
    const [oldest] = this.#secrets;
    if (this.#secrets.size > MAX_SECRETS && oldest !== undefined) this.#secrets.delete(oldest);
    this.tell(secret);
  }

  [Symbol.iterator](): Iterator<string> {
    return this.#secrets.values();
  }
}
