/**
 * Time settings of an operation, in milliseconds. They belong to a connection, travel in the result of `prepare` and so
 * stay the same for the whole run, also when a worker with other settings carries on.
 */
export interface OperationSettings {
  /** Start-to-close of the start activity: the window in which it may post. Default 15 s. */
  readonly startToCloseMs: number;
  /** Between the close of an unknown start and the look: 15 s for a call in flight and 15 s until it is visible. Default 30 s. */
  readonly quarantineMs: number;
  /** Heartbeat time-out of the wait: how soon a dead worker is noticed. Default 30 s. */
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
  heartbeatTimeoutMs: 30_000,
  maxUnknowns: 3,
  startBudgetMs: 30 * 60_000,
  waitBudgetMs: 60 * 60_000,
};
