import { BenchEnvironment } from '../../../bench/bench-environment';
import type { Measured } from '../../../bench/row';
import { measureWithinLimit } from '../../../bench/within-limit';
import { ROWS } from '../../../bench/rows';

const FOUND: Measured = { columns: [], lines: [], targets: [], notMeasured: [] };

const open = () => new BenchEnvironment({ address: 'unused' }, 'no server');

const row = (limitMs: number, measure: (bench: BenchEnvironment) => Promise<Measured>) => ({
  name: 'slow',
  question: '',
  limitMs,
  measure,
});

test('a row that ends in time gives what it found', async () => {
  expect(
    await measureWithinLimit(
      row(60_000, async () => FOUND),
      open(),
      true,
    ),
  ).toBe(FOUND);
});

test('a row that does not end is named with what it waits for', async () => {
  const hangs = row(60, async (bench) => {
    await bench.until('c-1', Promise.resolve());
    await Promise.all(['c-2', 'c-3'].map((name) => bench.until(name, new Promise(() => undefined))));
    return FOUND;
  });
  await expect(measureWithinLimit(hangs, open(), true)).rejects.toThrow(
    'The row slow has not ended within 0.001 min. It waits for c-2, c-3.',
  );
});

test('of very many that did not end the first ones are named', async () => {
  const hangs = row(60, async (bench) => {
    await Promise.all(
      Array.from({ length: 300 }, (_, n) => bench.until(`c-${n}`, new Promise(() => undefined))),
    );
    return FOUND;
  });
  await expect(measureWithinLimit(hangs, open(), true)).rejects.toThrow(/ c-8, c-9 and 290 more\.$/);
});

test('every row has a limit', () => {
  expect(ROWS.filter(({ limitMs }) => !(limitMs > 0 && limitMs <= 60 * 60_000))).toEqual([]);
});
