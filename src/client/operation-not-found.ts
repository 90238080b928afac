/** No operation of that request id is known: never started, started on another connection, or past its retention. */
export class OperationNotFound extends Error {
  override readonly name = 'OperationNotFound';

  constructor(
    readonly requestId: string,
    readonly workflowId: string,
  ) {
    super(
      `No operation with the id ${requestId} is known (workflow ${workflowId}): check the id and the connection, or list the known ones with snapflow list.`,
    );
  }
}
