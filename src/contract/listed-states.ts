import type { Condition } from './progress';

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
export type ListedState = (typeof LISTED_STATES)[number];
