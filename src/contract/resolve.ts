/** Update `resolve`: an operator's answer to the question that a run in `needs-decision` asks. */
export const RESOLVE_UPDATE = 'resolve';

export interface ResolveInput {
  /** Run and question that the answer is for: any other ignores it, since a reset re-applies updates. */
  readonly runId: string;
  /** Its number. */
  readonly question: number;
  /** The answer. */
  readonly resolution: Resolution;
}

/** An operator's decision. `task` and `vm` name the effect, `done` says that it happened; docs/operations.md says when to give which. */
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

/** Every kind of answer. */
export const RESOLUTION_KINDS = [
  'task',
  'vm',
  'done',
  'repeat',
  'abandon',
] as const satisfies readonly Resolution['kind'][];

/** What a run in `needs-decision` asks, in its memo. */
export interface Question {
  /** The run that asks. */
  readonly runId: string;
  /** Number of the question in that run, from 1. */
  readonly question: number;
  /** What looking cannot tell, one clause. */
  readonly why: string;
  /** Tasks and machines that may be the request's effect. */
  readonly candidates: readonly string[];
  /** Kinds of answers that say something about it; any other is rejected. */
  readonly answers: readonly Resolution['kind'][];
}
