import type { CheckId } from './check';

/** `verdict.json`. A round whose fault never fired is void: it shows nothing, unless something is wrong all the same. */
export interface Verdict {
  readonly plan: string;
  readonly round: 'pass' | 'violation' | 'void';
  readonly checks: readonly JudgedCheck[];
}

export interface JudgedCheck {
  readonly id: CheckId;
  readonly verdict: 'ok' | 'violation' | 'not-applicable';
  readonly because: string;
}

export const EXIT_OF_ROUND = { pass: 0, violation: 1, void: 3 } as const satisfies Record<
  Verdict['round'],
  number
>;
