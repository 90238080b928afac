import { parseDuration } from '../../../src/cli/options';
import { formatSpan } from '../../../src/cli/output';

test.each([
  ['90s', 90_000],
  ['15m', 900_000],
  ['2h', 7_200_000],
  ['1h30m', 5_400_000],
  ['1.5h', 5_400_000],
  ['250ms', 250],
  ['30d', 2_592_000_000],
])('%s is %d ms', (text, durationMs) => {
  expect(parseDuration(text)).toBe(durationMs);
});

test.each(['', '5', 's', '5 m', '-5m', '5x', '5m!', 'm5', '1e3s'])('%j is no duration', (text) => {
  expect(parseDuration(text)).toBe('Give a number with a unit, for example 90s, 15m or 2h.');
});

test('nothing and more than a month are refused with what would be right', () => {
  expect(parseDuration('0s')).toBe('Give more than nothing, for example 90s.');
  expect(parseDuration('31d')).toBe('Give at most 30d.');
});

test.each([
  [0, '0s'],
  [999, '0s'],
  [42_000, '42s'],
  [192_000, '3m 12s'],
  [7_200_000, '2h'],
  [187_200_000, '2d 4h'],
])('a span of %d ms reads %s', (spanMs, text) => {
  expect(formatSpan(spanMs)).toBe(text);
});
