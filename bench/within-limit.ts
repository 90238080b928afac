import type { BenchEnvironment } from './bench-environment';
import type { Measured, Row } from './row';

/** @throws Error that names what did not end, where a row takes longer than its limit: it would measure for ever */
export async function measureWithinLimit(
  row: Row,
  bench: BenchEnvironment,
  quick: boolean,
): Promise<Measured> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new Error(
            `The row ${row.name} has not ended within ${row.limitMs / 60_000} min. It waits for ${bench.awaited()}.`,
          ),
        ),
      row.limitMs,
    );
  });
  const measuring = row.measure(bench, quick);
  // What it still waits for fails as the row is closed, and the limit has said it better.
  measuring.catch(() => undefined);
  try {
    return await Promise.race([measuring, late]);
  } finally {
    clearTimeout(timer);
  }
}
