import * as fc from 'fast-check';
import { escapeMarkdown, summaryText } from '../../../src/contract/text';

const encodedBytes = (text: string): number => Buffer.byteLength(JSON.stringify(text));

test('a summary that fits stays as it is', () => {
  expect(summaryText('x'.repeat(198))).toBe('x'.repeat(198));
  expect(summaryText('clone web-01 @ nightly_0412 -> ci-42')).toBe('clone web-01 @ nightly_0412 -> ci-42');
});

test('three names of 255 characters are cut to 200 encoded bytes, and the cut shows', () => {
  const name = 'ü'.repeat(255);
  const cut = summaryText(`post the clone ${name} @ ${name} -> ${name}`);
  expect(encodedBytes(cut)).toBeLessThanOrEqual(200);
  expect(cut).toMatch(/^post the clone ü+…$/);
});

test('what a name brings along is neither an image nor a link', () => {
  expect(summaryText('clone ![x](http://evil/pixel) @ <img src=x>')).toBe(
    String.raw`clone !\[x\](http://evil/pixel) @ \<img src=x>`,
  );
});

test('any text is cut to 200 encoded bytes at most, between two characters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 60, maxLength: 300 }), (text) => {
      const [whole, cut] = [escapeMarkdown(text), summaryText(text)];
      expect(encodedBytes(cut)).toBeLessThanOrEqual(200);
      if (cut !== whole) expect(whole.startsWith(cut.slice(0, -1))).toBe(true);
      if (cut !== whole) expect(encodedBytes(cut)).toBeGreaterThan(190);
      // An escape that lost what it escapes would show as a backslash.
      if (cut !== whole) expect(/(?<!\\)(?:\\\\)*\\…$/u.test(cut)).toBe(false);
    }),
  );
});
