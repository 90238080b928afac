/** Server texts are shown to people and kept in histories; a page of HTML is of no use there. */
const MAX_SERVER_TEXT_CHARACTERS = 500;

/** Makes a server's text fit to be shown: without control characters, without the given secrets, not too long. */
export function redact(text: string, secrets: Iterable<string>): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret !== '') clean = clean.replaceAll(secret, '[secret]');
  }
  clean = clean.replaceAll(/\p{Control}+/gu, ' ').trim();
  return clean.length <= MAX_SERVER_TEXT_CHARACTERS
    ? clean
    : `${clean.slice(0, MAX_SERVER_TEXT_CHARACTERS)}…`;
}
