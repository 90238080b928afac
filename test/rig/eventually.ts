import { setTimeout as sleep } from 'node:timers/promises';

/** Waits on a condition: the first value that is neither undefined nor false. Rejects, naming it, at the deadline. */
export async function eventually<T>(
  what: string,
  probe: () => Promise<T | undefined | false> | T | undefined | false,
  withinMs = 15_000,
): Promise<T> {
  const until = performance.now() + withinMs;
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > until) throw new Error(`within ${withinMs} ms it did not happen that ${what}`);
    await sleep(25);
  }
}
