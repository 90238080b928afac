import { idleMs, inversions } from '../../../bench/rows/crowd-schedule';

const slot = (asked: number, fromMs: number, untilMs: number) => ({ asked, fromMs, untilMs });

test('an appliance that is full until the last one begins was never idle', () => {
  const slots = [slot(0, 0, 10), slot(1, 0, 10), slot(2, 10, 20), slot(3, 10, 20), slot(4, 20, 30)];
  expect(idleMs(slots, 2)).toBe(0);
});

test('room while one has not begun counts, also where another runs; the longest time is told', () => {
  const slots = [slot(0, 0, 10), slot(1, 0, 14), slot(2, 13, 23), slot(3, 30, 40)];
  // From 10 to 13 one place was free, from 14 to 30 one or both.
  expect(idleMs(slots, 2)).toBe(16);
});

test('room after the last one has begun is no idleness', () => {
  expect(idleMs([slot(0, 0, 10), slot(1, 10, 500)], 1)).toBe(0);
});

test('each pair that was served in the other order is an inversion', () => {
  expect(inversions([slot(0, 5, 6), slot(1, 6, 7), slot(2, 7, 8)])).toBe(0);
  expect(inversions([slot(0, 7, 8), slot(1, 6, 7), slot(2, 5, 6)])).toBe(3);
});
