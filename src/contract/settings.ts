/**
 * How a wait heartbeats, when that may cost: each heartbeat that reaches the server is a billed action.
 * - `responsive`: a dead worker is noticed within 30 s, and in its first minute progress shows every 5 s.
 * - `economical`: only crash detection heartbeats; a dead worker is noticed within 2 min.
 */
export type HeartbeatProfile = 'responsive' | 'economical';

/** The heartbeat time-out of each profile, where a connection sets none of its own. Measured costs: docs/operations.md. */
export const HEARTBEAT_TIMEOUT_MS: Readonly<Record<HeartbeatProfile, number>> = {
  responsive: 30_000,
  economical: 120_000,
};

/**
 * Time settings of an operation, in milliseconds. They belong to a connection, travel in the result of `prepare` and so
 * stay the same for the whole run, also when a worker with other settings carries on.
 */
export interface OperationSettings {
  /** Start-to-close of the start activity: the window in which it may post. Default 15 s. */
  readonly startToCloseMs: number;
  /** Between the close of an unknown start and the look: 15 s for a call in flight and 15 s until it is visible. Default 30 s. */
  readonly quarantineMs: number;
  /** What heartbeats are for. Default `responsive`. */
  readonly heartbeats: HeartbeatProfile;
  /** Heartbeat time-out of the wait: how soon a dead worker is noticed. Default: its profile's. */
  readonly heartbeatTimeoutMs: number;
  /** How many unknown starts a run may have before it needs a decision. Default 3. */
  readonly maxUnknowns: number;
  /** After this long in the start phase the operation is shown as overdue. Default 30 min. */
  readonly startBudgetMs: number;
  /** After this long in the wait the operation is shown as overdue; it never fails by time alone. Default 1 h. */
  readonly waitBudgetMs: number;
}

export const DEFAULT_SETTINGS: OperationSettings = {
  startToCloseMs: 15_000,
  quarantineMs: 30_000,
  heartbeats: 'responsive',
  heartbeatTimeoutMs: HEARTBEAT_TIMEOUT_MS.responsive,
  maxUnknowns: 3,
  startBudgetMs: 30 * 60_000,
  waitBudgetMs: 60 * 60_000,
};
