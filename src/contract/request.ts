/**
 * What a caller asks. These are wire types: callers in other languages send them as JSON.
 * Every reference to a vSphere object (`vm`, `cluster`, `folder`, …) is a name or an id; a name that matches two
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
export type OnCancel = 'undo' | 'keep';
/** What happens to a clone whose power on failed. */
export type OnFailure = 'delete' | 'keep';

/** A linked clone of a virtual machine from one of its snapshots (`VirtualMachines_linkedClone$Task`). */
export interface LinkedCloneRequest extends RequestOptions {
  /** Source virtual machine, name or id. */
  readonly vm: string;
  /** Snapshot name, id, or `latest`: the newest SCHEDULED or ONE_TIME one. */
  readonly snapshot: string;
  /** Name of the new virtual machine: 1 to 80 characters, none of them a control character. */
  readonly name: string;
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

export type LinkedCloneInput = OperationInput<LinkedCloneRequest>;
export type RevertInput = OperationInput<RevertRequest>;

/** Options that do not change what a request is: two requests that differ only in these are the same request. */
export const OPTIONS_OUTSIDE_IDENTITY = [
  'deadlineMs',
  'whenBusy',
] as const satisfies readonly (keyof RequestOptions)[];
