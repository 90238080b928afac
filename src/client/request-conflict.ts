/** The request id was used before for another request. Nothing was started. */
export class RequestConflict extends Error {
  override readonly name = 'RequestConflict';

  constructor(
    message: string,
    readonly requestId: string,
    readonly workflowId: string,
    /** The run that has the id. */
    readonly runId: string,
  ) {
    super(message);
  }
}
