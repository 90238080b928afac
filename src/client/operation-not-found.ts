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
