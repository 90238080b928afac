import type { Failure } from '../contract/failure';

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
