import * as fc from 'fast-check';
import { cutSummary } from '../../../src/workflows/cut-summary';

test('a summary that fits stays as it is', () => {
  expect(cutSummary('x'.repeat(200))).toBe('x'.repeat(200));
});

test('three names of 255 characters are cut to 200 bytes, and the cut shows', () => {
  const name = 'ü'.repeat(255);
  const cut = cutSummary(`post the clone ${name} @ ${name} -> ${name}`);
  expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(200);
  expect(cut).toMatch(/^post the clone ü+…$/);
});

test('any text is cut to 200 bytes at most, between two characters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 60, maxLength: 300 }), (text) => {
      const cut = cutSummary(text);
      expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(200);
      if (cut !== text) expect(text.startsWith(cut.slice(0, -1))).toBe(true);
      if (cut !== text) expect(Buffer.byteLength(cut)).toBeGreaterThan(196);
    }),
  );
});
