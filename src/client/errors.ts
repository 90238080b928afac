import { isMarkedError, SnapflowError } from '../contract/errors';
import type { Failure } from '../contract/failures';
import type { HistoryUnreadable } from '../contract/history-payload';
import type { RequestInvalid } from '../request/parse';
import type { SettingInvalid } from './temporal-settings';

/** `again` was asked for an operation that cannot be run once more. Nothing was started. */
export class AgainRefused extends SnapflowError {
  override readonly name = 'AgainRefused';
  override readonly code = 'SNAPFLOW_AGAIN_REFUSED';
}

/** The machine of an operation was to be deleted that is no clone that succeeded. Nothing was changed. */
export class DeletionRefused extends SnapflowError {
  override readonly name = 'DeletionRefused';
  override readonly code = 'SNAPFLOW_DELETION_REFUSED';
}

/** A decision was given that an operation does not wait for (any more). Nothing was changed by it. */
export class ResolutionRefused extends SnapflowError {
  override readonly name = 'ResolutionRefused';
  override readonly code = 'SNAPFLOW_RESOLUTION_REFUSED';
}

/**
 * An operation ended without success, or waits for an operator (`failure.type` is `NeedsDecision`: then it still runs).
 * Match on `failure.type`. The message is for people.
 */
export class OperationFailed extends SnapflowError {
  override readonly name = 'OperationFailed';
  override readonly code = 'SNAPFLOW_OPERATION_FAILED';

  constructor(
    /** How it ended: a union by `type`, so that a `switch` can be exhaustive. */
    readonly failure: OperationFailure,
    /** Absent for a read-only question, which has no request id. */
    readonly requestId?: string,
  ) {
    super(failure.message);
  }
}

/**
 * How an operation ended that did not succeed, a union by `type`: one of the contract's failures, or an end from outside
 * gave the workflow (`Terminated`, `TimedOut`), or an error that is none of the contract's (`Unexpected`).
 */
export type OperationFailure = Failure | FailureOutsideContract;

/** An end from outside. Nothing was undone: look for what it left on vSphere. */
interface FailureOutsideContract {
  /**
   * - `Terminated`: the workflow was terminated
   * - `TimedOut`: it had a time-out, which the contract forbids
   * - `Unexpected`: an error that is none of the contract's, or none that the server still knows
   */
  readonly type: 'Terminated' | 'TimedOut' | 'Unexpected';
  /** One sentence for people. */
  readonly message: string;
  /** There are none. */
  readonly details?: undefined;
}

/** No operation of that request id is known: never started, started on another connection, or past its retention. */
export class OperationNotFound extends SnapflowError {
  override readonly name = 'OperationNotFound';
  override readonly code = 'SNAPFLOW_OPERATION_NOT_FOUND';

  constructor(
    /** The request id that was asked for. */
    readonly requestId: string,
    /** The workflow id that it has on that connection. */
    readonly workflowId: string,
  ) {
    super(
      `No operation with the id ${requestId} is known (workflow ${workflowId}): check the id and the connection, or list the known ones with snapflow list.`,
    );
  }
}

/** The request id was used before for another request. Nothing was started. */
export class RequestConflict extends SnapflowError {
  override readonly name = 'RequestConflict';
  override readonly code = 'SNAPFLOW_REQUEST_CONFLICT';

  constructor(
    message: string,
    /** The request id that was to be used. */
    readonly requestId: string,
    /** The workflow id that it stands for. */
    readonly workflowId: string,
    /** The run that has the id. */
    readonly runId: string,
  ) {
    super(message);
  }
}

/** Why the Temporal server is of no use. `no-worker`: it is there, but no worker polls the task queue. */
export type UnavailableReason = 'unreachable' | 'refused' | 'namespace' | 'no-worker';

/**
 * The Temporal server cannot be used. It says nothing about operations: one that was started goes on without its
 * starter. The message names the address and what to do.
 */
export class TemporalUnavailable extends SnapflowError {
  override readonly name = 'TemporalUnavailable';
  override readonly code = 'SNAPFLOW_TEMPORAL_UNAVAILABLE';

  constructor(
    message: string,
    /** What kind of unavailable: only `unreachable` passes by itself. */
    readonly reason: UnavailableReason,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Every error of the library, a union by `code`. */
export type AnySnapflowError =
  | AgainRefused
  | DeletionRefused
  | HistoryUnreadable
  | OperationFailed
  | OperationNotFound
  | RequestConflict
  | RequestInvalid
  | ResolutionRefused
  | SettingInvalid
  | TemporalUnavailable;

/**
 * Whether a value is an error of the library. It also knows one that another copy of the package threw, where
 * `instanceof` says no. A `switch` over its `code` narrows it to a class.
 */
export const isSnapflowError = (value: unknown): value is AnySnapflowError => isMarkedError(value);
