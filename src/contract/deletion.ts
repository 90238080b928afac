/** The one argument of `deleteVmOfClone`. The workflow id must be `deletionWorkflowId(connection, requestId)`. */
export interface DeletionInput {
  /** The finished clone. */
  readonly requestId: string;
  readonly connection: string;
  /** The machine that the clone returned; a clone that recorded another one deletes nothing. */
  readonly vmId: string;
}

/** What `deleteVmOfClone` returns. A machine that was kept is the failure `CompensationIncomplete`. */
export interface DeletionResult {
  readonly vmId: string;
  readonly name: string;
  readonly outcome: 'deleted' | 'already-gone';
}
