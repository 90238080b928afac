/** `--timeout` ran out; the operation goes on. */
export class WaitTimedOut extends Error {
  override readonly name = 'WaitTimedOut';

  /** @param comeBack how to come back to the operation */
  constructor(comeBack: string) {
    super(`The time to wait ran out. ${comeBack}`);
  }
}
