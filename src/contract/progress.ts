/** The phases of an operation, in their order; docs/operations.md says what happens in each. */
export const PHASES = ['prepare', 'exclusion', 'start', 'wait', 'verify', 'finish', 'compensate'] as const;
/** What an operation does at the moment. */
export type Phase = (typeof PHASES)[number];

/** Exceptional conditions of a running operation: the values of `SnapflowState` besides `running`. */
export type Condition = 'queued' | 'overdue' | 'blocked' | 'compensating' | 'needs-decision';

/** Heartbeat details of a pending activity: the only live progress that Temporal's UI shows. */
export interface Progress {
  /** What the operation does. */
  readonly phase: Phase;
  /** Task status as the service spells it, once there is a task. */
  readonly status?: string;
  /** 0 to 100, never falling within a task. */
  readonly percent?: number;
  /** The server's own words about where it is. */
  readonly message?: string;
  /** The task of the snapshot service, once it is started. */
  readonly taskId?: string;
  /** What keeps the operation from being ordinary. */
  readonly condition?: Condition;
}
