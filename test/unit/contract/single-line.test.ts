import { singleLine } from '../../../src/contract/text';

/** Every character of a category, as the regular expressions of this Node know it. */
const charactersOf = (category: RegExp): string[] =>
  Array.from({ length: 0x11_0000 }, (_, codePoint) => String.fromCodePoint(codePoint)).filter((character) =>
    category.test(character),
  );

test.each<[string, RegExp, number]>([
  ['C0 and C1 controls', /\p{Cc}/u, 65],
  ['bidirectional, zero-width and other format characters', /\p{Cf}/u, 160],
  ['line and paragraph separators', /[\p{Zl}\p{Zp}]/u, 2],
  ['halves of surrogate pairs', /\p{Cs}/u, 2048],
])('%s are shown as a blank', (_title, category, atLeast) => {
  const characters = charactersOf(category);
  expect(characters.length).toBeGreaterThanOrEqual(atLeast);
  expect(characters.filter((character) => singleLine(`a${character}b`) !== 'a b')).toEqual([]);
});

test.each(['web-01', 'a  b', 'Zürich, 北京, 🖥️', 'it\'s "quoted" \\ `so`'])(
  '%j is shown as it is',
  (text) => {
    expect(singleLine(text)).toBe(text);
  },
);

test('what steers a terminal is one blank, however long it is', () => {
  expect(singleLine('a\r\n\u202e\u200b\u009bb\u001b[2Jc')).toBe('a b [2Jc');
});
