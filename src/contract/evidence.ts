import type { TaskStatus } from './service';
import type { Failure } from './failures';
import type { PowerState } from './operations';

/** A task of the snapshot service as a look saw it. */
export interface ObservedTask {
  readonly taskId: string;
  readonly status: TaskStatus;
  /** True where a task of unknown status has ended all the same: nothing can come of it any more. */
  readonly hasEnded?: true;
  /** Source or created object, or absent: a target is never proof by itself. */
  readonly targetId?: string;
  /** True when there is a target that does not read: it may be any machine. */
  readonly oddTarget?: true;
  /** Absent in some replies: by the system, or not told. Such a task is neither ours by proof nor provably another's. */
  readonly user?: string;
  /** The new machine's id, where a clone task has ended. */
  readonly resultId?: string;
  /** True when there is a result that is no id: such a task is no revert, which has none. */
  readonly oddResult?: true;
}

/** A virtual machine of the requested name. */
export interface ObservedVm {
  readonly vmId: string;
  /** Absent where it does not read. */
  readonly powerState?: string;
}

/** A task, machine or snapshot that another request recorded as its own. */
interface Claim {
  readonly id: string;
  /** Workflow id of that request. */
  readonly by: string;
}

/** A machine that has another name or place by now. */
export interface Stray {
  /** The task that made it. */
  readonly taskId: string;
  readonly vmId: string;
}

/** What one complete look at the task list and the inventory saw. A look that failed is never one of these. */
export interface Look {
  /** The workflow run under which it was made. The start posts after a quarantine only in that same run (E11). */
  readonly runId: string;
  /** Clone and revert tasks of the service. Only non-terminal ones in a first look. */
  readonly tasks: readonly ObservedTask[];
  /** Of a clone: virtual machines of the requested name in the target folder. */
  readonly vms: readonly ObservedVm[];
  /** Of a revert: ids of the machine's SYSTEM_CREATED snapshots. */
  readonly systemSnapshots?: readonly string[];
  /** Of a revert: the machine's power state. */
  readonly powerState?: PowerState;
  /** Of a revert: true when the service filter has returned any task: only then an empty list says something. */
  readonly serviceSeen?: boolean;
  /** Why there may be more than was seen, one clause: then nothing follows from what is absent. */
  readonly inconclusive?: string;
  /**
   * Of a first look: tasks, machines and snapshots that the lock's last holders recorded. They are not this request's,
   * though lists and inventory may show them only later (E4).
   */
  readonly ofOthers?: readonly string[];
  /** Of a look after an unknown start: another request has taken the lock since, so what is new may be its effect (E4). */
  readonly contested?: true;
  /** Of a look after an unknown start: what it shows and another request recorded. It is never this request's. */
  readonly claims?: readonly Claim[];
  /**
   * Of such a look for a clone: machines of another name or place that tasks made since, which may be of our account, and
   * which no other request recorded.
   */
  readonly strays?: readonly Stray[];
  /** Of a clone's first look: when it began, by the appliance's clock, ISO 8601. */
  readonly seenAt?: string;
  /** Of such a look: why `claims` may not be all, one clause. Nothing is adopted then. */
  readonly claimsUnread?: string;
  /** Of a revert's first look: the lock's previous holder was terminated a moment ago: wait so long, then look again. */
  readonly settleMs?: number;
  /** Of a revert's first look: tasks that a terminated holder of the lock left open: wait for their ends, then look again. */
  readonly openTasks?: readonly string[];
}

/** A failure that a start call met, and how long the server asked to wait (Retry-After, bounded). */
interface StartAnswer {
  readonly failure: Failure;
  readonly retryAfterMs?: number;
}

/**
 * What became of one start. `refused`: certainly no effect. `unknown`: it may have had one. A final refusal can never
 * succeed as asked. Any other may later.
 */
export type StartOutcome =
  | { readonly kind: 'started'; readonly taskId: string }
  | ({ readonly kind: 'refused'; readonly final: boolean } & StartAnswer)
  /** Not posted: the machine is not as it was seen. `what` has changed, one clause. */
  | { readonly kind: 'stale'; readonly what: string }
  | {
      readonly kind: 'unknown';
      readonly reason: string;
      /**
       * Set where the call was answered, by the server or by what stands before it: what it means once a check has found no
       * effect. `NameTaken`: the service said that the name exists, which this very call may have made.
       */
      readonly answer?: StartAnswer;
      /** True when a reset made the run: earlier runs of the request may have posted, and their histories tell. */
      readonly afterReset?: boolean;
      /**
       * The attempt ended without its worker's word: the worker died, or the attempt timed out. The kernel of a dead
       * worker goes on sending, so the call may arrive late (`lateCallMs`).
       */
      readonly withoutWord?: true;
    };

/**
 * How a task ended, or that its record is gone, or that it could not be read for as long as a task may take.
 * `runId`: the run that waited for it.
 */
export type TaskEnd = { readonly taskId: string; readonly runId: string } & (
  | {
      readonly kind: 'succeeded';
      readonly resultId?: string;
      readonly oddResult?: true;
      readonly targetId?: string;
      readonly user?: string;
    }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'gone' }
  | { readonly kind: 'unreadable'; readonly message: string }
);

/** What the histories of a request's earlier runs prove. */
export interface Recollection {
  /** The run that recalled. */
  readonly runId: string;
  /**
   * Set when an earlier run could not be read, being forgotten or one of too many, or when a run beside this one's own
   * predecessors may have posted: there may be an effect that nothing here proves.
   */
  readonly incomplete?: true;
  /** Tasks that a start returned, oldest first. */
  readonly taskIds: readonly string[];
  /** Those of them whose end was recorded. */
  readonly ends: readonly TaskEnd[];
  /**
   * The last recorded look before the first start that may have had an effect. Absent when no earlier run can have
   * posted: what others did since is not this request's.
   */
  readonly baseline?: Look;
  /** True when another request held the lock since: what looks like this request's effect may be that one's (E4). */
  readonly contested: boolean;
  /** True when an undo was begun: then only an operator may have the effect made again. */
  readonly undoBegun: boolean;
  /** One of their starts ended without its worker's word: its call may arrive late. */
  readonly withoutWord?: true;
}

export interface MayHavePostedInput {
  /** A run that knows all that was posted before it: asked in that very run, the answer is no. */
  readonly knowingRunId?: string;
}

/** What the histories of this run and of the request's earlier ones say, without looking. */
export interface PostedBefore {
  /** The run that asked. */
  readonly runId: string;
  /** False only where no start may have had an effect, or what one made was deleted again. */
  readonly mayHavePosted: boolean;
  /** Tasks that their starts returned, and of which nothing was deleted again. */
  readonly tasks: readonly string[];
  /** Whether one of them began to undo its effect. */
  readonly undoBegun: boolean;
}
