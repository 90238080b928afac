import type { TaskInfo } from './task-info';

/** What the next question about a task depends on. */
export interface WatchedPace {
  /** Milliseconds since the task is watched here. */
  readonly ageMs: number;
  /** Milliseconds until its end by its own progress, when that can be told. */
  readonly remainingMs?: number;
  /** Tasks that are watched together. Default 1. */
  readonly crowd?: number;
}

/** Two polls a second for everybody together is the most that a connection spends on waiting; an end is seen in 0.3 s. */
export const SPACING_MS = 500;
/** Polls of many workers must not march in step; later only, so that two a second stay the most. */
export const JITTER = 0.1;
/** A task that shows no progress is still looked at this often. */
const LONGEST_BLIND_MS = 5_000;
/** So is one whose progress says that its end is far, unless so many are watched that those near theirs would wait. */
const LONGEST_MS = 20_000;
/** Tasks that are asked for in a second at ease: 110 in each of two polls, less what the urgent ones need. */
const ASKED_A_SECOND = 150;

/**
 * Milliseconds until the task wants to be asked for again. After its start, when most failures come, as long as it is
 * old; then half of what remains by its own progress: a task of a minute is asked for about fourteen times.
 */
export function pollDelayMs({ ageMs, remainingMs, crowd = 1 }: WatchedPace): number {
  const longestMs = Math.max(LONGEST_MS, (crowd / ASKED_A_SECOND) * 1_000);
  const wishMs =
    remainingMs === undefined
      ? Math.min(ageMs, LONGEST_BLIND_MS)
      : Math.min(ageMs, remainingMs / 2, longestMs);
  return Math.max(wishMs, SPACING_MS);
}

/** Milliseconds until a poll is tried again after failures in a row: 1 s doubling to 30 s. */
export const retryPollDelayMs = (failures: number): number => Math.min(1_000 * 2 ** (failures - 1), 30_000);

/** Milliseconds that are left, by proportion of what is done to the time that it took; unknown until something is done. */
export function remainingOf({ progress }: Pick<TaskInfo, 'progress'>, ageMs: number): number | undefined {
  if (progress === undefined || progress.completed <= 0 || progress.total <= 0) return undefined;
  const done = Math.min(progress.completed / progress.total, 1);
  return (ageMs * (1 - done)) / done;
}
