/** What the next poll's moment depends on, for the task that wants it soonest. */
export interface WatchedPace {
  /** Milliseconds since the task is watched here. */
  readonly ageMs: number;
  /** Milliseconds until its end by its own progress, when that can be told. */
  readonly remainingMs?: number;
}

/** Two polls a second for everybody together is the most that a connection spends on waiting. */
const SHORTEST_MS = 450;
/** A long quiet task is still looked at this often. */
const LONGEST_MS = 5_000;
/** Below this age every task is young: most failures come at once. */
const YOUNG_MS = 10_000;

/** Milliseconds until the task wants to be asked for again: often when young or near its end, seldom in between. */
export function pollDelayMs({ ageMs, remainingMs }: WatchedPace): number {
  if (ageMs < YOUNG_MS) return SHORTEST_MS;
  const byAge = ageMs / 20;
  const byProgress = remainingMs === undefined ? Infinity : remainingMs / 4;
  return Math.min(Math.max(Math.min(byAge, byProgress), SHORTEST_MS), LONGEST_MS);
}

/** Milliseconds until a poll is tried again after failures in a row: 1 s doubling to 30 s. */
export const retryPollDelayMs = (failures: number): number => Math.min(1_000 * 2 ** (failures - 1), 30_000);
