export const PHASES = ['prepare', 'exclusion', 'start', 'wait', 'verify', 'finish', 'compensate'] as const;
export type Phase = (typeof PHASES)[number];

/** Exceptional conditions of a running operation: the values of `SnapflowState` besides `running`. */
export type Condition = 'queued' | 'overdue' | 'blocked' | 'compensating' | 'needs-decision';

/** Heartbeat details of a pending activity: the only live progress that Temporal's UI shows. */
export interface Progress {
  readonly phase: Phase;
  /** Task status as the service spells it, once there is a task. */
  readonly status?: string;
  /** 0 to 100, never falling within a task. */
  readonly percent?: number;
  /** The server's own words about where it is. */
  readonly message?: string;
  readonly taskId?: string;
  readonly condition?: Condition;
}
