import type { Look, StartOutcome, TaskEnd, MayHavePostedInput, PostedBefore, Recollection } from './evidence';
import type { DeletionInput, InspectInput, InspectResult } from './inspect';
import type {
  LinkedCloneInput,
  RevertInput,
  WhenBusy,
  PowerState,
  Warning,
  HeartbeatProfile,
  Operation,
  OperationSettings,
} from './operations';
import type { NamingAnswer } from './resolve';

/**
 * Every activity by its wire name. Each takes one object and returns one. Those that read are retried by Temporal. The
 * start is not (see `startLinkedClone`).
 */
export interface Activities {
  /**
   * Parses, resolves and checks the request. Reads only. Fails with a precheck failure, all missing privileges at once.
   * Undefined: as many are checked as may be at once, so it is to be scheduled on the connection's queue of checks.
   */
  readonly prepareLinkedClone: (input: PrepareLinkedCloneInput) => Promise<PreparedLinkedClone | undefined>;
  /** The same for a revert. It takes no baseline: that is a look of its own, made once the lock is held. */
  readonly prepareRevert: (input: PrepareRevertInput) => Promise<PreparedRevert | undefined>;
  /** Waits until the lock's holder has closed, heartbeating. Fails with `Busy` at once when it is not to wait. */
  readonly awaitExclusion: (input: AwaitExclusionInput) => Promise<ExclusionTurn>;
  /** Ends the lock of a run that was reset: such a lock is not ended by the close of its holder. */
  readonly releaseExclusion: (input: Exclusion) => Promise<void>;
  /** What earlier runs of this request recorded: for runs that a reset or `--again` made. */
  readonly recallEarlierRuns: (input: Partial<Exclusion>) => Promise<Recollection>;
  /** Whether a post of this request may have an effect that is left: asked when a run is to stop before its start. */
  readonly mayHavePosted: (input: MayHavePostedInput) => Promise<PostedBefore>;
  /**
   * Looks, then posts once. One attempt only. Any end other than a returned value means unknown. A failed look inside it
   * is `refused`: nothing was posted.
   */
  readonly startLinkedClone: (input: StartLinkedCloneInput) => Promise<StartOutcome>;
  /** The same for a revert. An open task on the machine is a refusal that may pass. */
  readonly startRevert: (input: StartRevertInput) => Promise<StartOutcome>;
  /** One complete look at tasks and inventory. Fails rather than return an incomplete one. */
  readonly lookForEffect: (input: LookInput) => Promise<Look>;
  /** Holds what an operator's answer names to what `prepare` checks. Fails with `RequestInvalid` where it cannot be the effect. */
  readonly checkAnswer: (input: CheckAnswerInput) => Promise<void>;
  /**
   * Waits for the task's end through the connection's one task watcher, heartbeating `Progress`. Of this request's own task
   * it verifies the effect as well, where that can be read within 5 s.
   */
  readonly awaitTask: (input: AwaitTaskInput) => Promise<Waited>;
  /** Reads the new machine by id. Deviations are warnings, never failures. */
  readonly verifyLinkedClone: (input: VerifyLinkedCloneInput) => Promise<VerifiedClone>;
  /** Reads power state and new SYSTEM_CREATED snapshots after a revert. Deviations are warnings. */
  readonly verifyRevert: (input: VerifyRevertInput) => Promise<VerifiedRevert>;
  /** Powers a machine on. Already on is fine. */
  readonly setPower: (input: SetPowerInput) => Promise<{ readonly powerState: PowerState }>;
  /** Deletes a clone by id if it is provably the one and powered off. Already gone is fine. */
  readonly deleteClone: (input: DeleteCloneInput) => Promise<DeletedClone>;
  /** What a finished clone recorded about its machine. Fails unless it succeeded with that machine. */
  readonly recallMadeClone: (input: DeletionInput) => Promise<DeleteCloneInput>;
  /** Read-only questions of callers that have no vSphere settings. Undefined: as of `prepareLinkedClone`. */
  readonly inspect: (input: InspectInput) => Promise<InspectResult | undefined>;
}

/** Where a step acts: a worker's connection, which must still lead to the site of the operation's first activity. */
export interface OnSite {
  readonly connection: string;
  /** vCenter's `instanceUuid` as `prepare` read it. Absent where it told none, and in older runs: then it is not compared. */
  readonly siteId?: string;
}

/** The lock on a clone name or virtual machine, as a running workflow. */
export interface Exclusion {
  readonly lockId: string;
  readonly lockRunId: string;
}

export interface PrepareLinkedCloneInput {
  readonly input: LinkedCloneInput;
  /** Held by this run. Prepare looks whether its previous holder was terminated a moment ago. Absent with an own name. */
  readonly exclusion?: Exclusion;
  /** In any other run, as in one that `--again` made, a taken name is evidence, not a failure (E11). */
  readonly originalRunId: string;
  /** Of the `prepare` before this one. */
  readonly siteId?: string;
}

export interface PreparedLinkedClone extends OnSite {
  readonly clusterId: string;
  readonly vmId: string;
  readonly vmName: string;
  readonly snapshotId: string;
  readonly snapshotName: string;
  /** ISO 8601. Absent in older runs, as are the names of cluster and folder. */
  readonly snapshotCreatedAt?: string;
  readonly clusterName?: string;
  readonly folderName?: string;
  /** Of the new machine: with an own name the one that was asked for and its suffix. */
  readonly name: string;
  /** Folder that the clone will be in: the one asked for, or the default of the datacenter. */
  readonly folderId: string;
  readonly placement: Placement;
  /** User that the service records on tasks of this connection. */
  readonly user: string;
  /** The first look, before anything was posted. */
  readonly baseline: Look;
  readonly settings: OperationSettings;
  readonly warnings: readonly Warning[];
  /** Set when the previous holder of the name was terminated a moment ago. Wait this long, then prepare again. */
  readonly settleMs?: number;
  /** Tasks that a terminated holder of the name left open. Wait for their ends, then prepare again. */
  readonly openTasks?: readonly string[];
}

/** As the service spells it. Only what the request asked for. */
export interface Placement {
  readonly folder?: string;
  readonly resource_pool?: string;
  readonly host?: string;
}

export interface AwaitExclusionInput {
  readonly lockId: string;
  /** The run's `originalExecutionRunId`: the same for a run and those that resets made of it. */
  readonly originalRunId: string;
  readonly whenBusy: WhenBusy;
}

/** `free`: try to take it. `ours`: an earlier run of this very request holds it: take it over. */
export type ExclusionTurn = { readonly kind: 'free' } | { readonly kind: 'ours'; readonly lockRunId: string };

/** Where to look for a clone's effect. */
export interface CloneTarget extends OnSite {
  readonly clusterId: string;
  readonly vmId: string;
  readonly name: string;
  readonly folderId: string;
}

/** What lets a start post at most once, whatever happens to it or its run (E8, E10, E11). */
export interface StartGuards {
  /** Absent with an own name, which no other request has. */
  readonly exclusion?: Exclusion;
  /** Run id of the last finished quarantine: a run that is not the original one posts only after its own. */
  readonly quarantinedRunId?: string;
  readonly originalRunId: string;
  readonly settings: Pick<OperationSettings, 'startToCloseMs'>;
}

export interface StartLinkedCloneInput extends CloneTarget, StartGuards {
  readonly snapshotId: string;
  readonly placement: Placement;
}

export interface PrepareRevertInput {
  readonly input: RevertInput;
  /** Absent in older runs. Any other run than this one comes after a run that may have been on another site. */
  readonly originalRunId?: string;
  /** Of the `prepare` before this one. */
  readonly siteId?: string;
}

export interface PreparedRevert extends RevertTarget {
  readonly runId: string;
  readonly vmName: string;
  readonly snapshotId: string;
  readonly snapshotName: string;
  /** ISO 8601. Absent in older runs, as is the name of the cluster. */
  readonly snapshotCreatedAt?: string;
  readonly clusterName?: string;
  readonly user: string;
  readonly settings: OperationSettings;
  readonly warnings: readonly Warning[];
}

/** The machine that a revert changes. */
export interface RevertTarget extends OnSite {
  readonly clusterId: string;
  readonly vmId: string;
}

export interface StartRevertInput extends RevertTarget, StartGuards {
  readonly snapshotId: string;
  /** `undo`: back to the snapshot that the service took before the revert that is undone. */
  readonly purpose: 'effect' | 'undo';
  /** What the run has seen and decided by. Where the machine is otherwise now, nothing is posted. Absent: not compared. */
  readonly seen?: MachineSeen;
}

/** A machine that is to be reverted, as a check saw it. */
export interface MachineSeen {
  /** Ids of its tasks. */
  readonly tasks: readonly string[];
  /** Ids of its SYSTEM_CREATED snapshots. */
  readonly systemSnapshots: readonly string[];
  readonly powerState?: PowerState;
}

/**
 * `first`: before anything was posted. It says too how long to wait because the lock's previous holder was terminated a
 * moment ago. `after-unknown`: all five statuses count. It says too whether another request took the lock since.
 */
export type LookInput = {
  readonly depth: 'first' | 'after-unknown';
  /** Of a look for a clone after an unknown start: the baseline's `seenAt`. What tasks made before is no trace. */
  readonly since?: string;
  /** Absent with an own name: nothing is of others then. */
  readonly exclusion?: Exclusion;
} & LookTarget;

/** What a look is for. */
export type LookTarget = { [O in Operation]: { readonly operation: O } & EffectTargets[O] }[Operation];

interface EffectTargets {
  readonly clone: CloneTarget;
  readonly revert: RevertTarget;
}

/** An answer that names the effect, and what is known about the request. */
export interface CheckAnswerInput {
  readonly answer: NamingAnswer;
  /** Absent with an own name. */
  readonly exclusion?: Exclusion;
  readonly target: LookTarget;
  /** What was there before the first post that may have had an effect: none of it is this request's. */
  readonly before: Pick<Look, 'tasks' | 'vms' | 'ofOthers'>;
  /** Tasks that a start of this request returned: those are its own. */
  readonly ownTasks: readonly string[];
}

export interface VerifyRevertInput extends RevertTarget {
  readonly vmName: string;
  /** SYSTEM_CREATED snapshots that were there before. */
  readonly systemSnapshotsBefore: readonly string[];
}

export interface VerifiedRevert {
  readonly runId: string;
  /** Somebody has deleted the machine since: a warning says so, and there is nothing to undo. */
  readonly isGone?: true;
  readonly powerState: PowerState;
  readonly undoSnapshotId?: string;
  readonly warnings: readonly Warning[];
}

/** What each operation's verify finds. */
interface Verifications {
  readonly clone: VerifiedClone;
  readonly revert: VerifiedRevert;
}

/** What the wait has verified, under its operation. */
export type VerifiedAtEnd = { readonly [O in Operation]?: Verifications[O] };

/**
 * `blocked`: nothing could be read for a while. `unblocked`: it can again. `overdue`: it takes longer than `overdueAfterMs`.
 * Otherwise how the task ended, and what was read of its effect right after that.
 */
export type Waited =
  | (TaskEnd & { readonly verified?: VerifiedAtEnd })
  | { readonly kind: 'blocked'; readonly message: string }
  | { readonly kind: 'unblocked' }
  | { readonly kind: 'overdue' };

interface AtEnd {
  readonly clone: Omit<VerifyLinkedCloneInput, 'vmId' | keyof OnSite>;
  readonly revert: Omit<VerifyRevertInput, keyof OnSite>;
}

/** What to verify at the end of this request's own task. */
export type VerifyAtEnd = { [O in Operation]: { readonly operation: O } & AtEnd[O] }[Operation];

export interface AwaitTaskInput extends OnSite {
  readonly taskId: string;
  readonly heartbeats: HeartbeatProfile;
  readonly heartbeatTimeoutMs: number;
  /** Whether the run shows as blocked already: then the wait comes back as soon as something is read. */
  readonly blocked: boolean;
  /** How long an unreadable answer is asked for again. Then it becomes an operator's question. */
  readonly unreadableBudgetMs: number;
  /** How long what the run shows lasts at least, where it has changed often. Absent: 30 s until it shows as blocked, else no time. */
  readonly leastShownMs?: number;
  /** Comes back overdue so long after it was scheduled. Absent: it does not. */
  readonly overdueAfterMs?: number;
  /** Absent: nothing is verified. */
  readonly verify?: VerifyAtEnd;
}

export interface VerifyLinkedCloneInput extends OnSite {
  readonly sourceVmId: string;
  readonly vmId: string;
  readonly name: string;
  /** Folder in which another machine of the name would be a duplicate. */
  readonly folderId: string;
}

export interface VerifiedClone {
  /** The run that verified it. */
  readonly runId: string;
  readonly name: string;
  /** Absent where the machine is gone, and in older runs. */
  readonly powerState?: PowerState;
  readonly warnings: readonly Warning[];
}

export interface SetPowerInput {
  readonly connection: string;
  readonly vmId: string;
  readonly power: 'on';
  /** What the request is about: the new machine's place and name, or the reverted machine. */
  readonly target: LookTarget;
  /** Of a reverted machine: once it is ended from outside, another request may be at work on the machine. */
  readonly exclusion?: Exclusion;
}

export interface DeleteCloneInput extends CloneTarget {
  readonly cloneId: string;
  /** Workflow id of the request whose clone it is. Default: the workflow that deletes it. */
  readonly ofRequest?: string;
}

export type DeletedClone =
  | { readonly kind: 'deleted' }
  | { readonly kind: 'already-gone' }
  /** Powered on, renamed or moved behind our back, or of another request: left alone. */
  | { readonly kind: 'kept'; readonly why: string };

/**
 * What requests may touch on a connection: every caller that may start a workflow acts with the worker's account. Each list that is
 * absent allows everything. Names may hold `*` (any characters) and `?` (one). Clusters and folders may be ids, too.
 */
export interface AllowList {
  /** Clusters of source and clone. */
  readonly clusters?: readonly string[];
  /** Folders that clones may be placed in, the default folder included. */
  readonly folders?: readonly string[];
  /** Names of machines that may be cloned or reverted. */
  readonly sources?: readonly string[];
  /** Names that clones may have. */
  readonly clones?: readonly string[];
}
