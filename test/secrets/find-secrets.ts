import { findSecret } from '../../proof/judge/secrets/find-secret';

/** Deeper nesting than any history has; a cycle ends before it. */
const MAX_DEPTH = 40;
/** How gzip and zlib begin; only a whole text is unpacked. */
const COMPRESSED = ['1f8b', '7801', '785e', '789c', '78da'].map((hex) =>
  Buffer.from(hex, 'hex').toString('latin1'),
);

/**
 * Looks for secrets in anything: texts, bytes, errors with their stacks, and whatever contains these, each in every form
 * that the proof's judge knows. Returns where each was found.
 */
export function findSecrets(secrets: readonly string[], sink: unknown): readonly string[] {
  const texts = textsIn(sink);
  // All of them at once first: most sinks hold none, and have the same names and ids thousands of times.
  const together = Buffer.from([...texts.keys()].join('\n'), 'latin1');
  const compressed = [...texts.keys()].filter((text) => COMPRESSED.some((start) => text.startsWith(start)));
  const isIn = (text: string) => secretsInBytes(secrets, Buffer.from(text, 'latin1')).length > 0;
  if (secretsInBytes(secrets, together).length === 0 && !compressed.some(isIn)) return [];
  return [...texts].flatMap(([text, paths]) => (isIn(text) ? paths : []));
}

/** Which secrets are in these bytes, in any form. */
export function secretsInBytes(secrets: readonly string[], bytes: Uint8Array): readonly string[] {
  // One character for each byte, so that a database file is searched like a text.
  const text = Buffer.from(bytes).toString('latin1');
  return secrets.filter((secret) => findSecret(secret, text) !== undefined);
}

/** Every different text, one character for each byte, with where it stands. */
function textsIn(sink: unknown): ReadonlyMap<string, readonly string[]> {
  const texts = new Map<string, string[]>();
  const seen = new Set<object>();
  const visit = (value: unknown, path: string, depth: number): void => {
    if (typeof value === 'string') visit(Buffer.from(value, 'utf8'), path, depth);
    else if (value instanceof Uint8Array) {
      const text = Buffer.from(value).toString('latin1');
      const paths = texts.get(text);
      if (paths === undefined) texts.set(text, [path]);
      else paths.push(path);
    } else if (typeof value === 'object' && value !== null && depth < MAX_DEPTH && !seen.has(value)) {
      seen.add(value);
      for (const key of keysOf(value)) {
        visit(key, `${path}.${key} (name)`, depth + 1);
        visit((value as Record<string, unknown>)[key], `${path}.${key}`, depth + 1);
      }
    }
  };
  visit(sink, 'sink', 0);
  return texts;
}

/** An error's own texts are not enumerable. */
const keysOf = (value: object): readonly string[] =>
  value instanceof Error
    ? [...new Set(['message', 'stack', 'cause', ...Object.keys(value)])]
    : Object.keys(value);
