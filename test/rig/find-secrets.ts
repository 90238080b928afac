/** Deeper nesting than any history has; a cycle ends before it. */
const MAX_DEPTH = 40;

/**
 * Looks for secrets in anything: texts, bytes (as the text that they encode), errors with their stacks, and whatever
 * contains these. A secret is found raw, as JSON and URLs write it, and within base64 at any alignment, as in `Basic …`.
 * Returns where each was found.
 */
export function findSecrets(secrets: readonly string[], sink: unknown): readonly string[] {
  const forms = secrets.flatMap(formsOf);
  const seen = new Set<object>();
  const found: string[] = [];
  const visit = (value: unknown, path: string, depth: number): void => {
    if (typeof value === 'string') {
      if (forms.some((form) => value.includes(form))) found.push(path);
    } else if (value instanceof Uint8Array) {
      visit(Buffer.from(value).toString('utf8'), path, depth);
    } else if (typeof value === 'object' && value !== null && depth < MAX_DEPTH && !seen.has(value)) {
      seen.add(value);
      for (const key of keysOf(value)) {
        visit(key, `${path}.${key} (name)`, depth + 1);
        visit((value as Record<string, unknown>)[key], `${path}.${key}`, depth + 1);
      }
    }
  };
  visit(sink, 'sink', 0);
  return found;
}

/** An error's own texts are not enumerable. */
const keysOf = (value: object): readonly string[] =>
  value instanceof Error
    ? [...new Set(['message', 'stack', 'cause', ...Object.keys(value)])]
    : Object.keys(value);

const formsOf = (secret: string): readonly string[] => {
  const inBase64 = [0, 1, 2].map((offset) => base64Within(secret, offset));
  const forUrls = inBase64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'));
  const inJson = JSON.stringify(secret).slice(1, -1);
  return [...new Set([secret, inJson, encodeURIComponent(secret), ...inBase64, ...forUrls])];
};

/** The part of the base64 that depends on the secret alone when `offset` bytes are in front of it, modulo 3. */
function base64Within(secret: string, offset: number): string {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret, 'utf8')]);
  const text = bytes.toString('base64').replaceAll('=', '');
  const skipped = [0, 2, 3][offset] ?? 0;
  return text.slice(skipped, bytes.length % 3 === 0 ? undefined : -1);
}
