/*
 * The contract: what callers, workflows and activities agree on. Types, constants and shown texts.
 *
 * operations.ts       wire names, requests, results, settings and their defaults
 * activities.ts       the activity interface, where workflows and activities meet
 * evidence.ts         what a check of vSphere, a start call and a task's end report
 * progress.ts         phases, conditions, listed states, metric names
 * own-names.ts        the name of a clone that has one of its own
 * resolve.ts          the operator's question and its answers
 * run-gone.ts         tells that Temporal knows no such run, from whatever its client throws
 * inspect.ts          read-only queries, plans, doctor checks, deletion
 * failures.ts         the closed list of failure types: exit code, meaning, remedy
 * failure-details.ts  the JSON facts beside each failure
 * errors.ts           base class and codes of the library's errors
 * history-payload.ts  decodes a value that a history recorded
 * listed-runs.ts      lists runs one by one, also those whose memo does not decode
 * service.ts          task statuses and times of the service; the safety wait that is needed
 * spelling.ts         compares names and accounts, which vSphere spells in several ways
 * backoff.ts          how long to pause before another attempt
 * omit-undefined.ts   leaves undefined fields out
 * text.ts             makes foreign text safe to show; the commands that are shown
 */
import { nameKey } from './spelling';

/**
 * The operations, and what belongs to each. With one more row the program does not compile until every place that
 * depends on the operation has chosen: there is no "else" that takes it for one of the others.
 */
export const OPERATIONS = {
  clone: { workflow: 'linkedCloneVm', makesVm: true, starts: 'clones' },
  revert: { workflow: 'revertVm', makesVm: false, starts: 'reverts' },
} as const satisfies Record<string, OperationRow>;

interface OperationRow {
  /** Wire name of its workflow. Changing one breaks callers in other languages and running workflows. */
  readonly workflow: string;
  /** Whether its result is a new virtual machine, which `delete` can take away again. */
  readonly makesVm: boolean;
  /** The queue of its start calls at each connection: the service limits clones and reverts apart. */
  readonly starts: string;
}

/** What can be asked for. */
export type Operation = keyof typeof OPERATIONS;

/** Every operation, in the order of the table. */
export const EVERY_OPERATION = Object.keys(OPERATIONS) as readonly Operation[];

/** Whether a word names an operation. */
export const isOperation = (word: unknown): word is Operation =>
  typeof word === 'string' && Object.hasOwn(OPERATIONS, word);

/** The operation that a workflow type runs. Undefined for a workflow that is none. */
export const operationOfWorkflow = (type: string): Operation | undefined =>
  EVERY_OPERATION.find((operation) => OPERATIONS[operation].workflow === type);

/** Visibility query for the runs of all operations. */
export const OPERATION_RUNS = `WorkflowType IN (${EVERY_OPERATION.map((each) => `"${OPERATIONS[each].workflow}"`).join(', ')})`;

/** Request and result of each operation. */
interface OperationTypes {
  /** Of `linkedCloneVm`. */
  readonly clone: { readonly request: LinkedCloneRequest; readonly result: LinkedCloneResult };
  /** Of `revertVm`. */
  readonly revert: { readonly request: RevertRequest; readonly result: RevertResult };
}

/** The request of an operation, or of any. */
export type RequestOf<O extends Operation = Operation> = OperationTypes[O]['request'];
/** What the workflow of an operation, or of any, returns. */
export type ResultOf<O extends Operation = Operation> = OperationTypes[O]['result'];

/** The workflow of each operation under its wire name. */
export type OperationWorkflows = {
  readonly [O in Operation as (typeof OPERATIONS)[O]['workflow']]: (
    input: OperationInput<RequestOf<O>>,
  ) => Promise<ResultOf<O>>;
};

/** Wire names of the other workflows that callers start. */
export const WORKFLOWS = { inspect: 'inspect', deleteVmOfClone: 'deleteVmOfClone' } as const;

/** Type of the locks, child workflows that callers leave alone. */
export const LOCK_WORKFLOW = 'holdExclusion';

export const DEFAULT_TASK_QUEUE = 'snapflow';
/** Waits have a task queue, and so slots, of their own: a thousand waiting operations keep none from starting. */
export const waitQueue = (taskQueue: string): string => `${taskQueue}-waits`;

/** What queues at a connection, each in a task queue of its own: requests to be checked, and starts by operation. */
export type SiteQueue = 'checks' | (typeof OPERATIONS)[Operation]['starts'];

/** A connection's task queue of one kind. No caller sees it. The engine keeps its order, priorities and fairness. */
export const siteQueue = (taskQueue: string, connection: string, kind: SiteQueue): string =>
  `${taskQueue}-${kind}-${connection}`;

export const DEFAULT_CONNECTION = 'default';

/** Search attributes, all of type Keyword. The first four are set at start, the last only on exceptions. */
export const SEARCH_ATTRIBUTES = {
  connection: 'SnapflowConnection',
  vm: 'SnapflowVm',
  operation: 'SnapflowOperation',
  name: 'SnapflowName',
  state: 'SnapflowState',
} as const;

/**
 * Settings of a Temporal server by which its task queues keep priorities and share places fairly. Without them a queue is
 * roughly first come, first served. A server with more than one partition a queue needs the two of
 * deploy/dynamic-config.yaml as well.
 */
export const SERVER_SETTINGS = {
  'matching.useNewMatcher': true,
  'matching.enableFairness': true,
} as const;

/** Memo keys. `request` is what callers compare. `state` mirrors SnapflowState where the attribute is missing. */
export const MEMO = {
  /** Of the request, for callers that compare it instead. Only the library and the command line set it. */
  digest: 'snapflowDigest',
  operation: 'snapflowOperation',
  requestId: 'snapflowRequestId',
  request: 'snapflowRequest',
  state: 'snapflowState',
  /** Who asked, as the caller says: recorded, never trusted. */
  requester: 'snapflowRequester',
  /** For which team it was asked, as the caller says. Places are shared fairly between teams. */
  team: 'snapflowTeam',
  /** On a lock: `originalExecutionRunId` of the run that holds it. */
  holder: 'snapflowHolder',
  /** On a cancelled run: what is left of the request, one clause. */
  left: 'snapflowLeft',
  /** What a run in `needs-decision` asks: a `Question`. */
  question: 'snapflowQuestion',
  /** Of a clone with `uniqueName`: the name of its machine. */
  name: 'snapflowName',
  /** `false` when the run was started on a server without the search attributes: the worker then upserts none. */
  searchAttributes: 'snapflowSearchAttributes',
} as const;

/**
 * Priorities that callers may give, as Temporal counts them: the lower goes first. What was refused for want of room and
 * what undoes go before all of them, with 1.
 */
export const PRIORITIES = { high: 2, normal: 3, low: 4 } as const;
/** How urgent a request is. */
export type Priority = keyof typeof PRIORITIES;

/** Of a fairness key: Temporal takes no longer one. */
export const MAX_TEAM_BYTES = 64;

/** The workflow id of a request, a function of connection and request id alone. */
export const requestWorkflowId = (connection: string, requestId: string): string =>
  `snapflow:${connection}:${requestId}`;

/** The workflow id of the deletion of what a finished clone made: two deletions of it are one. */
export const deletionWorkflowId = (connection: string, requestId: string): string =>
  `snapflow-delete:${connection}:${requestId}`;

/**
 * Workflow id of the lock on a clone name. Folders are left out on purpose: the lock is taken before a folder's name is
 * resolved, and two spellings of one folder must not make two locks. All spellings that vCenter takes for
 * one name have one lock.
 */
export const cloneNameLockId = (connection: string, name: string): string =>
  `snapflow-lock:${connection}:clone:${nameKey(name)}`;

/** Workflow id of the lock on a virtual machine that is being reverted. */
export const revertLockId = (connection: string, vmId: string): string =>
  `snapflow-lock:${connection}:vm:${vmId}`;

/**
 * What a caller asks. These are wire types: callers in other languages send them as JSON.
 * Every reference to a vSphere object (`vm`, `cluster`, `folder`, …) is a name or an id. A name that matches two
 * objects is refused and both are listed.
 */
export interface RequestOptions {
  /** Name of a connection that the worker is configured with. Default: `default`. */
  readonly connection?: string;
  /** Cluster of the virtual machine, name or id. Default: the one cluster that holds it. */
  readonly cluster?: string;
  /** What to do while another open request holds the same clone name or virtual machine. Default: `wait`. */
  readonly whenBusy?: WhenBusy;
  /** Milliseconds from the workflow's start after which the request acts as cancelled. Default: none. */
  readonly deadlineMs?: number;
  /** What a cancel does with an effect that the task had when it ended. Default: `undo`. */
  readonly onCancel?: OnCancel;
}

/** `wait`: the request queues, for as long as it takes. `fail`: it ends with `Busy` at once. */
export type WhenBusy = 'wait' | 'fail';
/** `undo`: the clone is deleted, the revert reverted. `keep`: it stays, and the operation still ends as cancelled. */
type OnCancel = 'undo' | 'keep';
/** What happens to a clone whose power on failed. */
type OnFailure = 'delete' | 'keep';

/** A linked clone of a virtual machine from one of its snapshots (`VirtualMachines_linkedClone$Task`). */
export interface LinkedCloneRequest extends RequestOptions {
  /** Source virtual machine, name or id. */
  readonly vm: string;
  /** Snapshot name, id, or `latest`: the newest SCHEDULED or ONE_TIME one. */
  readonly snapshot: string;
  /**
   * Name of the new virtual machine: 1 to 80 characters, without slash, backslash, percent sign, control and invisible
   * characters, and without blanks at its ends. With `uniqueName` 1 to 71.
   */
  readonly name: string;
  /**
   * Give the machine a name of its own: `-` and eight characters are appended to `name`, for example `ci-42-k3f9x2ab`.
   * Then no other request has that name, so none has to be waited for. Default: `name` as it is.
   */
  readonly uniqueName?: true;
  /** Folder of the new machine. Default: the virtual machine folder of the source's datacenter. */
  readonly folder?: string;
  /** Resource pool of the new machine. Default: the service's choice, which needs a cluster with DRS. */
  readonly resourcePool?: string;
  /** Host of the new machine, in the same cluster. Default: the service's choice. */
  readonly host?: string;
  /** Power the clone on at the end. Default: false, as the service leaves it. */
  readonly powerOn?: boolean;
  /** What to do with the clone when a step after the clone itself (power on) fails. Default: `delete`. */
  readonly onFailure?: OnFailure;
}

/** A revert of a virtual machine to one of its snapshots (`VirtualMachines_revert$Task`). */
export interface RevertRequest extends RequestOptions {
  /** The virtual machine, name or id. What was written to it since the snapshot is lost. */
  readonly vm: string;
  /** Snapshot name, id, or `latest`: the newest SCHEDULED or ONE_TIME one. */
  readonly snapshot: string;
  /** Bring the power state back to what it was before. Default: false, a revert leaves the machine powered off. */
  readonly restorePower?: boolean;
}

/** The one argument of the workflows `linkedCloneVm` and `revertVm`. */
export interface OperationInput<Request extends RequestOptions> {
  /** The request's identity. The workflow id must be `requestWorkflowId(connection, requestId)`. */
  readonly requestId: string;
  /** What is asked. */
  readonly request: Request;
  /** Set only when a failed, cancelled or terminated request is run once more: the run before this one. */
  readonly again?: { readonly afterRunId: string };
}

/** The one argument of the workflow `linkedCloneVm`. */
export interface LinkedCloneInput extends OperationInput<LinkedCloneRequest> {
  /**
   * With `uniqueName`: eight characters of Crockford's base 32 in lower case that the caller made once, by chance. They
   * are no part of the request's identity. Default: made of the run's id or, with `again`, those of the run before.
   */
  readonly nonce?: string;
}
export type RevertInput = OperationInput<RevertRequest>;

/** Options that do not change what a request is: two requests that differ only in these are the same request. */
export const OPTIONS_OUTSIDE_IDENTITY = [
  'deadlineMs',
  'whenBusy',
] as const satisfies readonly (keyof RequestOptions)[];

/** A deviation in a successful result: verification never turns SUCCEEDED into a failure. */
export interface Warning {
  /** What to match on. Later releases may have more. */
  readonly type:
    | 'NameDiffers'
    | 'PoweredOn'
    | 'CloneGone'
    | 'DuplicateSuspected'
    | 'NotVerified'
    | 'PowerNotRestored'
    | 'PrivilegeUnconfirmed'
    | 'UndoSnapshotUnknown'
    | 'VmGone';
  /** One sentence: what deviates, on which object. */
  readonly message: string;
}

/** A vSphere object that an operation used. */
export interface UsedObject {
  /** As vSphere calls it. */
  readonly id: string;
  /** Absent where it was not read. */
  readonly name?: string;
}

/** The snapshot that an operation used: what `latest` meant. */
export interface UsedSnapshot extends UsedObject {
  /** ISO 8601. */
  readonly createdAt?: string;
}

/** What `linkedCloneVm` returns. */
export interface LinkedCloneResult {
  /** Id of the new virtual machine, for example `vm-1042`. */
  readonly vmId: string;
  /** Its name. A warning says so where it is not the one asked for. */
  readonly name: string;
  /** Absent only where its task is not known: an operator named the machine, or its own name did. */
  readonly taskId?: string;
  /** The machine that it was cloned from. Like the following, absent in runs of earlier builds. */
  readonly source?: UsedObject;
  /** The snapshot that it was cloned from: what `latest` meant. */
  readonly snapshot?: UsedSnapshot;
  /** The folder that it was made in, also where the request named none. */
  readonly folder?: UsedObject;
  /** The cluster that it was made in. */
  readonly cluster?: UsedObject;
  /** Of the new machine, at the end. Absent where it was not read: it is gone by then. */
  readonly powerState?: PowerState;
  /** What deviates. Absent when nothing does. */
  readonly warnings?: readonly Warning[];
}

/** What `revertVm` returns. */
export interface RevertResult {
  /** Absent only where an operator said that the revert had happened. */
  readonly taskId?: string;
  /** The SYSTEM_CREATED snapshot that the service took before the revert. Absent when it could not be told. */
  readonly undoSnapshotId?: string;
  /** Of the machine, at the end. */
  readonly powerState: PowerState;
  /** The machine that was reverted. Like the following, absent in runs of earlier builds. */
  readonly vm?: UsedObject;
  /** The snapshot that it was reverted to: what `latest` meant. */
  readonly snapshot?: UsedSnapshot;
  /** The cluster that holds it. */
  readonly cluster?: UsedObject;
  /** What deviates. Absent when nothing does. */
  readonly warnings?: readonly Warning[];
}

/** As vCenter spells it (`vcenter.vm.Power.State`). */
export type PowerState = 'POWERED_ON' | 'POWERED_OFF' | 'SUSPENDED';

/**
 * How a wait heartbeats, when that may cost: each heartbeat that reaches the server is a billed action.
 * - `responsive`: a dead worker is noticed within 30 s, and in its first minute progress shows every 5 s.
 * - `economical`: only crash detection heartbeats. A dead worker is noticed within 2 min.
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
  /** Between the close of an unknown start and the look, see `neededQuarantineMs` in service.ts. Default 30 s. */
  readonly quarantineMs: number;
  /**
   * Once more so long, after a check that has found nothing, where a start ended without its worker's word: its kernel may
   * deliver the call late, see `neededLateCallMs` in service.ts. Default 120 s. Absent in older runs: no such wait.
   */
  readonly lateCallMs?: number;
  /** What heartbeats are for. Default `responsive`. */
  readonly heartbeats: HeartbeatProfile;
  /** Heartbeat time-out of the wait: how soon a dead worker is noticed. Default: its profile's. */
  readonly heartbeatTimeoutMs: number;
  /** How many unanswered starts a run may have before it needs a decision. Default 3. */
  readonly maxUnknowns: number;
  /** After this long in the start phase the operation is shown as overdue. Default 30 min. */
  readonly startBudgetMs: number;
  /** After this long in the wait the operation is shown as overdue. It never fails by time alone. Default 1 h. */
  readonly waitBudgetMs: number;
}

export const DEFAULT_SETTINGS: Required<OperationSettings> = {
  startToCloseMs: 15_000,
  quarantineMs: 30_000,
  lateCallMs: 120_000,
  heartbeats: 'responsive',
  heartbeatTimeoutMs: HEARTBEAT_TIMEOUT_MS.responsive,
  maxUnknowns: 3,
  startBudgetMs: 30 * 60_000,
  waitBudgetMs: 60 * 60_000,
};
