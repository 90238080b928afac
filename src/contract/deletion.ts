/** The one argument of `deleteVmOfClone`. The workflow id must be `deletionWorkflowId(connection, requestId)`. */
export interface DeletionInput {
  /** The finished clone. */
  readonly requestId: string;
  /** Name of the connection that the clone was made on. */
  readonly connection: string;
  /** The machine that the clone returned; a clone that recorded another one deletes nothing. */
  readonly vmId: string;
}

/** What `deleteVmOfClone` returns. A machine that was kept is the failure `CompensationIncomplete`. */
export interface DeletionResult {
  /** The machine, by id. */
  readonly vmId: string;
  /** Its name, as the clone was asked for. */
  readonly name: string;
  /** `already-gone`: somebody had deleted it before. */
  readonly outcome: 'deleted' | 'already-gone';
}
