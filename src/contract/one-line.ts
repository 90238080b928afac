/** Ends a line, turns it around, or moves a terminal's cursor where the text is shown by one. */
const NEVER_SHOWN = /[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu;

/** A text from elsewhere as one line of what can be shown. */
export const oneLine = (text: string): string => text.replaceAll(NEVER_SHOWN, ' ');
