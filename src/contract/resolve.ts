/** Update `resolve`: an operator's answer to the question that a run in `needs-decision` asks. */
export const RESOLVE_UPDATE = 'resolve';

export interface ResolveInput {
  /** Run and question that the answer is for: any other ignores it, since a reset re-applies updates. */
  readonly runId: string;
  readonly question: number;
  readonly resolution: Resolution;
}

export type Resolution =
  /** This task is the request's. */
  | { readonly kind: 'task'; readonly taskId: string }
  /** This machine is the request's clone. */
  | { readonly kind: 'vm'; readonly vmId: string }
  /** The revert has happened. */
  | { readonly kind: 'done' }
  /** There was no effect: post again. */
  | { readonly kind: 'repeat' }
  /** Give up: the run fails with `OutcomeUnknown`, nothing is deleted. */
  | { readonly kind: 'abandon' };

/** What a run in `needs-decision` asks, in its memo. */
export interface Question {
  readonly runId: string;
  readonly question: number;
  readonly why: string;
  /** Tasks and machines that may be the request's effect. */
  readonly candidates: readonly string[];
}
