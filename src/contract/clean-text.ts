/** Without control characters, line separators and halves of surrogate pairs: vCenter, logs and terminals choke on them. */
export const CLEAN_TEXT = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]*$/u;
