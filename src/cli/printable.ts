/**
 * Text from elsewhere as one harmless line: names and server messages must not move a terminal's cursor, colour what
 * follows, or turn it around.
 */
export const printable = (text: string): string =>
  text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ');
