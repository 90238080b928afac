/** The server refuses a longer one, and three names of 255 characters may meet in one. */
const MOST_BYTES = 200;
const ELLIPSIS = '…';

/** A summary of at most 200 bytes of UTF-8; what does not fit is cut between two characters. */
export function cutSummary(summary: string): string {
  if (bytesOf(summary) <= MOST_BYTES) return summary;
  let cut = '';
  let left = MOST_BYTES - bytesOf(ELLIPSIS);
  for (const character of summary) {
    left -= bytesOf(character);
    if (left < 0) break;
    cut += character;
  }
  return cut + ELLIPSIS;
}

/** A workflow has no Buffer. */
const bytesOf = (text: string): number => {
  let bytes = 0;
  for (const character of text) bytes += bytesOfCodePoint(character.codePointAt(0) ?? 0);
  return bytes;
};

const bytesOfCodePoint = (code: number): number => {
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
};
