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
