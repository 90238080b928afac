/** A word that can be pasted into a shell. */
export const quoted = (word: string): string =>
  /^[\p{L}\p{N}._/:-]+$/u.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
