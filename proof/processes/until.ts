import { setTimeout as sleep } from 'node:timers/promises';

/** Short beside every window, and cheap for a handful of rounds side by side. */
const INTERVAL_MS = 50;

/** Resolves with the first value that is neither undefined nor false; undefined once the time is over. */
export async function until<T>(
  withinMs: number,
  probe: () => Promise<T | undefined | false> | T | undefined | false,
): Promise<T | undefined> {
  const end = performance.now() + withinMs;
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > end) return undefined;
    await sleep(INTERVAL_MS);
  }
}
