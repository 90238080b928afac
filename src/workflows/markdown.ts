/** What Markdown or HTML would take for more than text: links, images, tags, tables, emphasis. */
const SPECIAL = /[\\`*[\]<>&~|]/g;
/** Ends a line, turns it around, or moves a terminal's cursor where the text is shown by one. */
const NEVER_SHOWN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu;

/**
 * One line of Markdown. What is put into it is shown as it is and never read as Markdown: names of machines and the
 * words of servers come from elsewhere. Between backticks it is code, where only a backtick could end it.
 */
export function markdown(literals: readonly string[], ...values: readonly unknown[]): string {
  const pieces = values.map((value, index) => {
    const before = literals[index] ?? '';
    const text = String(value).replaceAll(NEVER_SHOWN, ' ');
    return before + (before.endsWith('`') ? text.replaceAll('`', "'") : text.replaceAll(SPECIAL, '\\$&'));
  });
  return pieces.join('') + (literals.at(-1) ?? '');
}
