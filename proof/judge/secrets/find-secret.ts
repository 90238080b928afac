import { decodedWithin } from './decoded-within';
import { formsOf } from './forms-of';

/** base64 within gzip within base64 within JSON is deep already. */
const MAX_DEPTH = 5;

/**
 * Looks for a secret in a text of bytes (latin1), and in everything that the text encodes. Returns how it was found, for
 * example `as base64 within gzip`; undefined when it is nowhere.
 */
export function findSecret(secret: string, text: string): string | undefined {
  return search(formsOf(secret), text, 0);
}

function search(forms: ReturnType<typeof formsOf>, text: string, depth: number): string | undefined {
  const folded = text.toLowerCase();
  const found = forms.find(({ needle, anyCase }) =>
    anyCase ? folded.includes(needle) : text.includes(needle),
  );
  if (found !== undefined) return found.how;
  if (depth === MAX_DEPTH) return undefined;
  for (const { how, content } of decodedWithin(text)) {
    const within = search(forms, content, depth + 1);
    if (within !== undefined) return `${within} within ${how}`;
  }
  return undefined;
}
