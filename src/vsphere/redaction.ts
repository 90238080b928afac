/** Server texts are shown to people and kept in histories; a page of HTML is of no use there. */
const MAX_SERVER_TEXT_CHARACTERS = 500;

/** What moves a cursor, colours, turns what follows around, or is half a character. */
const NEVER_SHOWN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu;

/** Makes a server's text fit to be shown: without control characters, without the given secrets, not too long. */
export function redact(text: string, secrets: Iterable<string>, most = MAX_SERVER_TEXT_CHARACTERS): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret !== '' && secret.length <= clean.length) clean = clean.replaceAll(secret, '[secret]');
  }
  clean = clean.replaceAll(NEVER_SHOWN, ' ').trim();
  // The cut may leave half a character.
  return clean.length <= most ? clean : `${clean.slice(0, most).replaceAll(NEVER_SHOWN, '')}…`;
}
