import type { OperationFailure } from './operation-failure';

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
