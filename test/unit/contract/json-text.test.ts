import { jsonText } from '../../../src/contract/text';

test('JSON on a terminal is text: C1 controls and turned text are escapes, and the value is the same', () => {
  const value = { name: 'a\u001b[2J\u009b5A\u202eb\u2028c\u{e0001}', plain: 'Zürich 東京 😀' };
  const text = jsonText(value, 2);
  expect(text).toMatch(/^(?:[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|\n)*$/u);
  expect(text).toContain('Zürich 東京 😀');
  expect(JSON.parse(text)).toEqual(value);
});
