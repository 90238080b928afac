/** Without control characters, line separators and halves of surrogate pairs: vCenter, logs and terminals choke on them. */
export const CLEAN_TEXT = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]*$/u;

/**
 * The inside of a character class: what ends a line, turns it around, moves a terminal's cursor, or is half a character.
 * Blanks are not among them: a name or a command with two of them in a row would, pasted, be another.
 */
export const NEVER_SHOWN = String.raw`\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}`;

const UNSHOWN = new RegExp(`[${NEVER_SHOWN}]+`, 'gu');

/** A text from elsewhere, as a name or a server's message, as one line that is harmless where it is shown. */
export const singleLine = (text: string): string => text.replaceAll(UNSHOWN, ' ');

/**
 * What Markdown takes for its own: within a word one dash and an underscore are a name's, two dashes become one, and a
 * `>` means something at the start of a line only.
 */
const MARKDOWN = /[\\`*[\]<&#|~]|(?<=-)-|-(?=-)|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|^[->]/gu;

/**
 * Text from elsewhere within Markdown: nothing in it formats, links, loads an image, is an entity, breaks a line, or
 * makes one dash of the two of an option. A usual name stays as it is.
 */
export const escapeMarkdown = (text: string): string =>
  singleLine(text).replaceAll(MARKDOWN, String.raw`\$&`);

/** Markdown of a text in code letters. Whatever is in it, it stays one piece of code. */
export function markdownCode(given: string): string {
  const text = singleLine(given);
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  // CommonMark takes one blank off each end, so that a text may begin and end with a fence's letter.
  const pad = longest === 0 ? '' : ' ';
  return `${fence}${pad}${text}${pad}${fence}`;
}

/** JSON that a terminal shows as text: what JSON itself leaves raw but a terminal acts on is written as its escape. */
export const jsonText = (value: unknown, indent?: number): string =>
  JSON.stringify(value, undefined, indent).replaceAll(/[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    Array.from(
      { length: character.length },
      (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
    ).join(''),
  );

/** A word that can be pasted into a shell. */
export const shellWord = (word: string): string =>
  /^[\p{L}\p{N}._/:-]+$/u.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;

/** Enough to recognise a value. A message stays one readable line. */
const SHOWN_CHARACTERS = 60;

/** A value for a message: JSON-like, shortened, with control and invisible characters escaped. */
export function showValue(value: unknown): string {
  if (typeof value === 'string') return shortened(`"${escaped(value.slice(0, SHOWN_CHARACTERS + 1))}"`);
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

const shortened = (text: string): string =>
  text.length <= SHOWN_CHARACTERS + 2 ? text : `${text.slice(0, SHOWN_CHARACTERS)}…"`;

const ESCAPED = new RegExp(String.raw`["\\${NEVER_SHOWN}]`, 'gu');

const escaped = (text: string): string =>
  text.replace(ESCAPED, (character) =>
    character === '"' || character === '\\' ? `\\${character}` : codePoint(character),
  );

const codePoint = (character: string): string =>
  `\\u{${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}}`;

/** Temporal's limit for a summary, counted on the encoded payload. Three names of 255 characters may meet in one. */
const MOST_BYTES = 200;
const QUOTES = 2;
const ELLIPSIS = '…';

/**
 * The summary of a run, an activity or a timer, which the Temporal UI shows as Markdown: names in it stay text, and what
 * does not fit is cut between two characters.
 */
export function summaryText(text: string): string {
  const summary = escapeMarkdown(text);
  if (encodedBytes(summary) + QUOTES <= MOST_BYTES) return summary;
  let cut = '';
  let left = MOST_BYTES - QUOTES - encodedBytes(ELLIPSIS);
  for (const character of charactersOf(summary)) {
    left -= encodedBytes(character);
    if (left < 0) break;
    cut += character;
  }
  return cut + ELLIPSIS;
}

/** An escape and what it escapes are one. */
const charactersOf = (text: string): readonly string[] => text.match(/\\?./gsu) ?? [];

/** A workflow has no Buffer. */
function encodedBytes(text: string): number {
  let bytes = 0;
  for (const character of JSON.stringify(text).slice(1, -1))
    bytes += bytesOfCodePoint(character.codePointAt(0) ?? 0);
  return bytes;
}

function bytesOfCodePoint(code: number): number {
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}

/** The operation that a command is about. Without a connection it is on the default one. */
export interface CommandTarget {
  readonly requestId: string;
  readonly connection?: string;
}

/**
 * What a person types about one operation, for example `snapflow cancel build-42 --connection lab`. `option` comes last.
 * An id that begins as an option does comes behind `--`.
 */
export function operationCommand(
  command: 'status' | 'wait' | 'cancel' | 'resolve',
  { requestId, connection }: CommandTarget,
  option?: string,
): string {
  const id = shellWord(requestId);
  const options = [
    ...(connection === undefined ? [] : ['--connection', shellWord(connection)]),
    ...(option === undefined ? [] : [option]),
  ];
  const words = requestId.startsWith('-') ? [...options, '--', id] : [id, ...options];
  return ['snapflow', command, ...words].join(' ');
}

/** The options by which a request is repeated, for example `--request-id=build-42 --connection lab`. */
export const requestOptions = ({ requestId, connection }: CommandTarget): string =>
  `--request-id=${shellWord(requestId)}${connection === undefined ? '' : ` --connection ${shellWord(connection)}`}`;
