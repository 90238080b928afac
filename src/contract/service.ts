/* What is known of the snapshot service: the statuses of its tasks, and when an effect shows. */

/** The statuses of a task, as the service's description has them. */
export const TASK_STATUSES = {
  PENDING: { isEnded: false },
  RUNNING: { isEnded: false },
  BLOCKED: { isEnded: false },
  SUCCEEDED: { isEnded: true },
  FAILED: { isEnded: true },
} as const satisfies Record<string, { readonly isEnded: boolean }>;

/** A status that the description has. */
export type KnownTaskStatus = keyof typeof TASK_STATUSES;

/** Stands for one that it does not have. Such a task may have its effect yet: it counts as open. */
export const UNKNOWN_STATUS = 'UNKNOWN';

/** How far a task is. */
export type TaskStatus = KnownTaskStatus | typeof UNKNOWN_STATUS;

/** Every known status, in the order of the table. */
const KNOWN_STATUSES = Object.keys(TASK_STATUSES) as readonly KnownTaskStatus[];

/** Whether the service knows the task's outcome. */
export const isEnded = (status: TaskStatus): boolean =>
  status !== UNKNOWN_STATUS && TASK_STATUSES[status].isEnded;

/** The statuses by which the service is asked for tasks that have not ended. */
export const OPEN_STATUSES = KNOWN_STATUSES.filter((status) => !isEnded(status));

/**
 * The times by which an effect is visible, each read where it acts. docs/decisions/0004-post-window.md has the argument.
 */
export const EFFECT_TIMES = {
  /** Share of start-to-close in which a start may write its request: the rest suffices for the answer. */
  postWindowShare: 0.3,
  /** How long a call may take, unless its connection says otherwise. It covers a busy vCenter's slow answers. */
  callDeadlineMs: 10_000,
  /** The service lists a task this long after it accepted it. Only then a record that is not there is gone. */
  visibleWithinMs: 15_000,
  /**
   * How long a kernel goes on sending the bytes of a process that has ended. Linux repeats them eight times
   * (`net.ipv4.tcp_orphan_retries` 0), which takes 51 to 102 s.
   */
  orphanedWithinMs: 102_000,
};

interface StartTimes {
  /** Start-to-close of the start activity. */
  readonly startToCloseMs: number;
}

/** Milliseconds in which a start may write its request, counted from when it asked whether it is still open. */
export const postWindowMs = ({ startToCloseMs }: StartTimes): number =>
  startToCloseMs * EFFECT_TIMES.postWindowShare;

/**
 * The shortest `quarantineMs` after which a look misses no effect. A start that asked at the very end of its
 * start-to-close writes its request a post window later; the call may take its deadline, and its task is listed later still.
 */
export const neededQuarantineMs = (
  settings: StartTimes,
  callDeadlineMs: number = EFFECT_TIMES.callDeadlineMs,
): number => Math.ceil(postWindowMs(settings) + callDeadlineMs + EFFECT_TIMES.visibleWithinMs);

/**
 * The shortest `lateCallMs` after which a call of a dead worker has arrived or never will. It comes on top of
 * `quarantineMs`, which has room for the worker's death during the call and for the list of tasks.
 */
export const neededLateCallMs = (): number => EFFECT_TIMES.orphanedWithinMs;
