import { leastShownMs } from '../../../src/workflows/await-task';

test('a wait shows its first four changes at once, then each lasts longer, up to half an hour', () => {
  const minutes = Array.from({ length: 12 }, (_, changes) => (leastShownMs(changes) ?? 0) / 60_000);
  expect(minutes).toEqual([0, 0, 0, 0, 1, 2, 4, 8, 16, 30, 30, 30]);
});
