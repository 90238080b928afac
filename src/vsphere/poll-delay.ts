/** What the next question about a task depends on. */
export interface WatchedPace {
  /** Milliseconds since the task is watched here. */
  readonly ageMs: number;
  /** Milliseconds until its end by its own progress, when that can be told. */
  readonly remainingMs?: number;
}

/** Two polls a second for everybody together is the most that a connection spends on waiting; an end is seen in 0.3 s. */
export const SPACING_MS = 500;
/** Polls of many workers must not march in step; later only, so that two a second stay the most. */
export const JITTER = 0.1;
/** A long quiet task is still looked at this often. */
const LONGEST_MS = 5_000;
/** Below this age every task is young: most failures come at once. */
const YOUNG_MS = 10_000;

/** Milliseconds until the task wants to be asked for again: often when young or near its end, seldom in between. */
export function pollDelayMs({ ageMs, remainingMs }: WatchedPace): number {
  if (ageMs < YOUNG_MS) return SPACING_MS;
  const byAge = ageMs / 20;
  const byProgress = remainingMs === undefined ? Infinity : remainingMs / 6;
  return Math.min(Math.max(Math.min(byAge, byProgress), SPACING_MS), LONGEST_MS);
}

/** Milliseconds until a poll is tried again after failures in a row: 1 s doubling to 30 s. */
export const retryPollDelayMs = (failures: number): number => Math.min(1_000 * 2 ** (failures - 1), 30_000);
