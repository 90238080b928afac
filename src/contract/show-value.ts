/** Enough to recognise a value; a message stays one readable line. */
const SHOWN_CHARACTERS = 60;

/** A value for a message: JSON-like, shortened, with control and invisible characters escaped. */
export const showValue = (value: unknown): string => {
  if (typeof value === 'string') return shortened(`"${escaped(value.slice(0, SHOWN_CHARACTERS + 1))}"`);
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
};

const shortened = (text: string): string =>
  text.length <= SHOWN_CHARACTERS + 2 ? text : `${text.slice(0, SHOWN_CHARACTERS)}…"`;

const escaped = (text: string): string =>
  text.replace(/["\\\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) =>
    character === '"' || character === '\\' ? `\\${character}` : codePoint(character),
  );

const codePoint = (character: string): string =>
  `\\u{${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}}`;
