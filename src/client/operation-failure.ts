import type { Failure, FailureType } from '../contract/failure';

/**
 * How an operation ended that did not succeed: one of the contract's failures, or an end that somebody outside of it
 * gave the workflow (`Terminated`, `TimedOut`), or an error that is none of the contract's (`Unexpected`).
 */
export interface OperationFailure extends Omit<Failure, 'type'> {
  readonly type: FailureType | 'Terminated' | 'TimedOut' | 'Unexpected';
}
