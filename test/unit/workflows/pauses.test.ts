import { Pauses } from '../../../src/workflows/pauses';

type Type = 'Unreachable' | 'Rejected';

const first = (type: Type, count: number, pauses = new Pauses()): readonly number[] =>
  Array.from({ length: count }, () => pauses.nextMs({ type }));

const HOUR = 3_600_000;

afterEach(() => jest.restoreAllMocks());

test.each([0, 0.999_999])(
  'in an outage (chance %d) no pause of the first half hour is above 20 s',
  (chance) => {
    jest.spyOn(Math, 'random').mockReturnValue(chance);
    const pauses = first('Unreachable', 120);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(20_000);
    expect(pauses.reduce((sum, each) => sum + each, 0)).toBeGreaterThan(15 * 60_000);
  },
);

test('an outage of hours is asked for every ten minutes, so that it does not fill the history', () => {
  jest.spyOn(Math, 'random').mockReturnValue(0.999_999);
  expect(first('Unreachable', 121).at(-1)).toBe(600_000);
});

test.each<[Type, number]>([
  ['Unreachable', 600_000],
  ['Rejected', 300_000],
])('after a day of %s the start is tried every hour, not before and not more seldom', (type, longestMs) => {
  jest.spyOn(Math, 'random').mockReturnValue(1);
  const pauses = first(type, 400);
  const hourly = pauses.indexOf(HOUR);
  const before = pauses.slice(0, hourly);
  const spent = before.reduce((sum, each) => sum + each, 0);
  expect(Math.max(...before)).toBe(longestMs);
  expect(spent).toBeGreaterThanOrEqual(24 * HOUR);
  expect(spent).toBeLessThan(24 * HOUR + longestMs);
  expect(new Set(pauses.slice(hourly))).toEqual(new Set([HOUR]));
});

test('for want of room eight tries follow at once, first in line, then each pauses outside the queue', () => {
  jest.spyOn(Math, 'random').mockReturnValue(0.999_999);
  const pauses = new Pauses();
  const tries = Array.from({ length: 10 }, () => [pauses.nextMs({ type: 'Rejected' }), pauses.isFirstInLine]);
  expect(tries).toEqual([...Array.from({ length: 8 }, () => [0, true]), [300_000, false], [300_000, false]]);
});

test('an outage after a want of room begins anew, and is not first in line', () => {
  jest.spyOn(Math, 'random').mockReturnValue(0.999_999);
  const pauses = new Pauses();
  expect(pauses.isFirstInLine).toBe(false);
  first('Rejected', 5, pauses);
  expect(first('Unreachable', 2, pauses)).toEqual([1_000, 2_000]);
  expect(pauses.isFirstInLine).toBe(false);
  expect(first('Rejected', 1, pauses)).toEqual([0]);
});

test('a pause is as long as the server asked for, where that is longer', () => {
  jest.spyOn(Math, 'random').mockReturnValue(0.999_999);
  const pauses = new Pauses();
  expect(pauses.nextMs({ type: 'Unreachable' }, 7_000)).toBe(7_000);
  expect(pauses.nextMs({ type: 'Unreachable' }, 500)).toBe(2_000);
});

test('refusals that take turns begin anew 120 times in all, then each waits as long as a lasting one', () => {
  jest.spyOn(Math, 'random').mockReturnValue(0.999_999);
  const pauses = new Pauses();
  const inTurns = Array.from({ length: 130 }, (_, nth) =>
    pauses.nextMs({ type: nth % 2 === 0 ? 'Unreachable' : 'Rejected' }),
  );
  expect(new Set(inTurns.slice(0, 120))).toEqual(new Set([1_000, 0]));
  expect(new Set(inTurns.slice(120))).toEqual(new Set([600_000, 300_000]));
});

test('the shown state is steady from the tenth refusal on: a short one shows each try', () => {
  const pauses = new Pauses();
  first('Unreachable', 9, pauses);
  expect(pauses.isSteady).toBe(false);
  first('Unreachable', 1, pauses);
  expect(pauses.isSteady).toBe(true);
});
