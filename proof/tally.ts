import type { Report } from './report';

/** At most so many of the rounds may be void; fewer than this many rounds may have one. */
const VOID_SHARE = 0.01;
const FEW_ROUNDS = 100;

/** The numbers of a report, one line each, and whether they are what they must be. */
export function tally({ rounds, violations, sometimes }: Report): {
  readonly lines: readonly string[];
  readonly isGreen: boolean;
} {
  const { played, passed, violated, broken, healing, succeeded } = rounds;
  const voidsAllowed = played < FEW_ROUNDS ? 0 : Math.floor(played * VOID_SHARE);
  const isGreen = violations.length === 0 && violated === 0 && broken === 0 && rounds.void <= voidsAllowed;
  const seen = Object.entries(sometimes).map(([what, count]) => `${what} ${count}`);
  return {
    lines: [
      `rounds: ${played} played, ${passed} passed, ${violated} violated, ${rounds.void} void, ${broken} broken`,
      ...(healing === 0 ? [] : [`ended as asked where faults heal: ${succeeded} of ${healing}`]),
      ...(seen.length === 0 ? [] : [`seen: ${seen.join(', ')}`]),
      ...violations.map(({ plan, checks, because }) => `violation: ${plan} ${checks.join(' ')}: ${because}`),
    ],
    isGreen,
  };
}
