import { Pauses } from '../../../src/workflows/obtain-effect';

const first = (type: 'Unreachable' | 'Rejected', count: number, pauses = new Pauses()): readonly number[] =>
  Array.from({ length: count }, () => pauses.nextMs({ type }));

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

test('an outage of days is asked for every ten minutes, so that it does not fill the history', () => {
  jest.spyOn(Math, 'random').mockReturnValue(0.999_999);
  expect(first('Unreachable', 121).at(-1)).toBe(600_000);
});

test('want of capacity is asked for ever more seldom, up to ten minutes; an outage after it begins anew', () => {
  jest.spyOn(Math, 'random').mockReturnValue(0.999_999);
  const pauses = new Pauses();
  expect(first('Rejected', 12, pauses).map((ms) => ms / 1_000)).toEqual([
    1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600,
  ]);
  expect(first('Unreachable', 2, pauses)).toEqual([1_000, 2_000]);
});

test('a pause is as long as the server asked for, where that is longer', () => {
  jest.spyOn(Math, 'random').mockReturnValue(0.999_999);
  const pauses = new Pauses();
  expect(pauses.nextMs({ type: 'Unreachable' }, 7_000)).toBe(7_000);
  expect(pauses.nextMs({ type: 'Unreachable' }, 500)).toBe(2_000);
});
