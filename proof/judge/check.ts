import type { RoundView } from './view/round-view';

export type CheckId = `J${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16 | 17}`;

/** One question about a round. Pure: the same evidence always gives the same answer. */
export interface Check {
  readonly id: CheckId;
  /** What must hold, in one clause. */
  readonly demands: string;
  readonly judge: (round: RoundView) => Finding;
}

/** `looked`: how many things were judged; a check that looked at nothing does not apply. Each sentence names ids. */
export interface Finding {
  readonly looked: number;
  /** What was looked at, in the plural: `successes`. */
  readonly at: string;
  readonly violations: readonly string[];
}

/** Judges each element by its own violations. */
export const each = <Thing>(
  at: string,
  things: readonly Thing[],
  violationsOf: (thing: Thing) => readonly (string | undefined | false)[],
): Finding => ({
  at,
  looked: things.length,
  violations: things.flatMap((thing) =>
    violationsOf(thing).filter((each): each is string => typeof each === 'string'),
  ),
});

/** Several findings as one. */
export const together = (at: string, ...findings: readonly Finding[]): Finding => ({
  at,
  looked: findings.reduce((sum, { looked }) => sum + looked, 0),
  violations: findings.flatMap(({ violations }) => violations),
});
