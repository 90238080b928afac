/** A word of a script in single quotes; what bash, zsh and fish understand alike. */
export const shellQuoted = (word: string): string => `'${word.replaceAll("'", String.raw`'\''`)}'`;
