import type { Condition } from './progress';

/** How an operation stands. `needs-decision` still runs and waits for an operator. */
export type OperationState = 'running' | 'succeeded' | 'failed' | 'cancelled' | 'needs-decision';

/** What a list can be asked for: a state, or a condition of a running operation. */
export const LISTED_STATES = [
  'running',
  'succeeded',
  'failed',
  'cancelled',
  'needs-decision',
  'queued',
  'overdue',
  'blocked',
  'compensating',
] as const satisfies readonly (OperationState | Condition)[];
/** One of `LISTED_STATES`. */
export type ListedState = (typeof LISTED_STATES)[number];
