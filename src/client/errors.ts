import type { Failure } from '../contract/failures';

/** `again` was asked for an operation that cannot be run once more. Nothing was started. */
export class AgainRefused extends Error {
  override readonly name = 'AgainRefused';
}

/** The machine of an operation was to be deleted that is no clone that succeeded. Nothing was changed. */
export class DeletionRefused extends Error {
  override readonly name = 'DeletionRefused';
}

/** A decision was given that an operation does not wait for (any more). Nothing was changed by it. */
export class ResolutionRefused extends Error {
  override readonly name = 'ResolutionRefused';
}

/**
 * An operation ended without success, or waits for an operator (`failure.type` is `NeedsDecision`: then it still runs).
 * Match on `failure.type`; the message is for people.
 */
export class OperationFailed extends Error {
  override readonly name = 'OperationFailed';

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
 * How an operation ended that did not succeed, a union by `type`: one of the contract's failures, or an end that somebody outside of it
 * gave the workflow (`Terminated`, `TimedOut`), or an error that is none of the contract's (`Unexpected`).
 */
export type OperationFailure = Failure | FailureOutsideContract;

/** An end that no workflow of ours gave itself. Nothing was undone: look for what it left on vSphere. */
export interface FailureOutsideContract {
  /**
   * - `Terminated`: somebody terminated the workflow
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
export class OperationNotFound extends Error {
  override readonly name = 'OperationNotFound';

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
export class RequestConflict extends Error {
  override readonly name = 'RequestConflict';

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

/** Why the Temporal server is of no use. `no-worker`: it is there, but nobody polls the task queue. */
export type UnavailableReason = 'unreachable' | 'refused' | 'namespace' | 'no-worker';

/**
 * The Temporal server cannot be used. It says nothing about operations: one that was started goes on without its
 * starter. The message names the address and what to do.
 */
export class TemporalUnavailable extends Error {
  override readonly name = 'TemporalUnavailable';

  constructor(
    message: string,
    /** What kind of unavailable: only `unreachable` passes by itself. */
    readonly reason: UnavailableReason,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
