import { setTimeout as sleep } from 'node:timers/promises';

/** Short beside every wait, and cheap for a handful of rounds side by side. */
const INTERVAL_MS = 40;

/** Below the minute that a test may take, so that what did not happen is named. A busy machine takes ten times as long. */
const WITHIN_MS = 40_000;

type Probe<T> = () => Promise<T | undefined | false> | T | undefined | false;

/** Waits on a condition: the first value that is neither undefined nor false. Rejects, naming it, at the deadline. */
export async function eventually<T>(what: string, probe: Probe<T>, withinMs = WITHIN_MS): Promise<T> {
  const value = await until(withinMs, probe);
  if (value === undefined) throw new Error(`within ${withinMs} ms it did not happen that ${what}`);
  return value;
}

/** The same for a condition that may stay away: undefined at the deadline. */
export async function until<T>(withinMs: number, probe: Probe<T>): Promise<T | undefined> {
  const end = performance.now() + withinMs;
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > end) return undefined;
    await sleep(INTERVAL_MS);
  }
}
