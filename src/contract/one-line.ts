/**
 * Ends a line, turns it around, or moves a terminal's cursor where the text is shown by one. Blanks are not among them:
 * a name or a command with two of them in a row would, pasted, be another.
 */
const NEVER_SHOWN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu;

/** A text from elsewhere, as a name or a server's message, as one line that is harmless where it is shown. */
export const oneLine = (text: string): string => text.replaceAll(NEVER_SHOWN, ' ');
