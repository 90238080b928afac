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
