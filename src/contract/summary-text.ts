import { plainText } from './plain-text';

/** Temporal's limit for a summary, counted on the encoded payload; three names of 255 characters may meet in one. */
const MOST_BYTES = 200;
const QUOTES = 2;
const ELLIPSIS = '…';

/**
 * The summary of a run, an activity or a timer, which the Temporal UI shows as Markdown: names in it stay text, and what
 * does not fit is cut between two characters.
 */
export function summaryText(text: string): string {
  const summary = plainText(text);
  if (encodedBytes(summary) + QUOTES <= MOST_BYTES) return summary;
  let cut = '';
  let left = MOST_BYTES - QUOTES - encodedBytes(ELLIPSIS);
  for (const character of charactersOf(summary)) {
    left -= encodedBytes(character);
    if (left < 0) break;
    cut += character;
  }
  return cut + ELLIPSIS;
}

/** An escape and what it escapes are one. */
const charactersOf = (text: string): readonly string[] => text.match(/\\?./gsu) ?? [];

/** A workflow has no Buffer. */
const encodedBytes = (text: string): number => {
  let bytes = 0;
  for (const character of JSON.stringify(text).slice(1, -1))
    bytes += bytesOfCodePoint(character.codePointAt(0) ?? 0);
  return bytes;
};

const bytesOfCodePoint = (code: number): number => {
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
};
