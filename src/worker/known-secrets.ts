import { secretForms } from '../vsphere';

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
    const forms = this.#formsOf.get(secret) ?? secretForms(secret);
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
