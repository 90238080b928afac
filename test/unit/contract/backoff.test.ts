import { backoffMs } from '../../../src/contract/backoff';

const LIMITS = { firstMs: 1_000, longestMs: 20_000 };

afterEach(() => jest.restoreAllMocks());

function pauses(chance: number): readonly number[] {
  jest.spyOn(Math, 'random').mockReturnValue(chance);
  return [0, 1, 2, 3, 4, 5, 2_000].map((nth) => backoffMs(nth, LIMITS));
}

test('each pause is twice the one before it, up to the longest, for good', () => {
  expect(pauses(1)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000]);
});

test('chance shortens a pause by half at most', () => {
  expect(pauses(0)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
});
