/** The phases of an operation, in their order. Docs/operations.md says what happens in each. */
export const PHASES = ['prepare', 'exclusion', 'start', 'wait', 'verify', 'finish', 'compensate'] as const;
/** What an operation does at the moment. */
export type Phase = (typeof PHASES)[number];

/** Exceptional conditions of a running operation: the values of `SnapflowState` besides `running`. */
const CONDITIONS = {
  'needs-decision': { isAlarm: true },
  queued: { isAlarm: false },
  overdue: { isAlarm: true },
  blocked: { isAlarm: true },
  compensating: { isAlarm: false },
} as const satisfies Record<string, ConditionRow>;

interface ConditionRow {
  /** Whether a person has to act, or should look. */
  readonly isAlarm: boolean;
}

/** What keeps a running operation from being ordinary. */
export type Condition = keyof typeof CONDITIONS;

/** Every condition, in the order of the table. */
export const EVERY_CONDITION = Object.keys(CONDITIONS) as readonly Condition[];

/** The conditions that need a person. */
export const ALARMS = EVERY_CONDITION.filter((condition) => CONDITIONS[condition].isAlarm);

/** Whether a value, which may come from a run that is not ours, is a condition. */
export const isCondition = (value: unknown): value is Condition =>
  typeof value === 'string' && Object.hasOwn(CONDITIONS, value);

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
  /** Of a queued operation: workflow id of the one that holds the lock. */
  readonly heldBy?: string;
}

/** The states of an operation that is in no condition. */
const PLAIN_STATES = ['running', 'succeeded', 'failed', 'cancelled'] as const;
/** Whether and how an operation has ended, whatever its condition. */
export type PlainState = (typeof PLAIN_STATES)[number];

/** How an operation stands. `needs-decision` still runs and waits for an operator. */
export type OperationState = PlainState | 'needs-decision';

/** What a list can be asked for: a state, or a condition of a running operation. */
export const LISTED_STATES: readonly ListedState[] = [...PLAIN_STATES, ...EVERY_CONDITION];
/** One of `LISTED_STATES`. */
export type ListedState = PlainState | Condition;

/** A metric as it is created. The endpoint adds `_total` to counters and `_seconds` to durations. */
interface Metric {
  readonly name: string;
  readonly help: string;
}

/** Names that dashboards and alert rules use. Docs/operations.md says what each means. */
export const METRICS = {
  operations: { name: 'snapflow_operations', help: 'Operations that ended, by outcome' },
  conditions: { name: 'snapflow_conditions', help: 'Times that an operation came into a condition' },
  phaseDuration: { name: 'snapflow_phase_duration', help: 'Time that an operation spent in a phase' },
  calls: { name: 'snapflow_vsphere_calls', help: 'Exchanges with vCenter and the snapshot appliance' },
  callDuration: { name: 'snapflow_vsphere_call_duration', help: 'Time from a call to its whole answer' },
  logins: {
    name: 'snapflow_vsphere_logins',
    help: 'Logins, and those that were withheld after a refused one',
  },
  watchedTasks: { name: 'snapflow_watched_tasks', help: 'Tasks that this worker waits for' },
  startsWaiting: {
    name: 'snapflow_starts_waiting',
    help: 'Starts that wait for a place at a connection, as Temporal counts them: the same on every worker',
  },
  permitsFree: { name: 'snapflow_permits_free', help: 'Starts that this worker could let go now' },
  gateClosed: {
    name: 'snapflow_gate_closed',
    help: '1 while the service has no room for more tasks than this worker has open, else 0',
  },
  openOperations: {
    name: 'snapflow_open_operations',
    help: 'Open operations of the task queue by state, as Temporal knows them: the same on every worker',
  },
  openOperationsReadAt: {
    name: 'snapflow_open_operations_read_at',
    help: 'When the open operations were read last, in seconds since 1970',
  },
} as const satisfies Record<string, Metric>;
