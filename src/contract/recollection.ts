import type { Look, TaskEnd } from './evidence';

/** What the histories of a request's earlier runs prove. */
export interface Recollection {
  /** The run that recalled. */
  readonly runId: string;
  /**
   * Set when an earlier run could not be read, being forgotten or one of too many, or when a run beside this one's own
   * predecessors may have posted: there may be an effect that nothing here proves.
   */
  readonly incomplete?: true;
  /** Tasks that a start returned, oldest first. */
  readonly taskIds: readonly string[];
  /** Those of them whose end was recorded. */
  readonly ends: readonly TaskEnd[];
  /**
   * The last recorded look before the first start that may have had an effect. Absent when no earlier run can have
   * posted: what others did since is not this request's.
   */
  readonly baseline?: Look;
  /** True when another request held the lock since: what looks like this request's effect may be that one's (E4). */
  readonly contested: boolean;
  /** True when an undo was begun: then only an operator may have the effect made again. */
  readonly undoBegun: boolean;
}

export interface MayHavePostedInput {
  /** A run that knows all that was posted before it: asked in that very run, the answer is no. */
  readonly knowingRunId?: string;
}

/** What the histories of this run and of the request's earlier ones say, without looking. */
export interface PostedBefore {
  /** The run that asked. */
  readonly runId: string;
  /** False only where no start may have had an effect, or what one made was deleted again. */
  readonly mayHavePosted: boolean;
  /** Tasks that their starts returned, and of which nothing was deleted again. */
  readonly tasks: readonly string[];
  /** Whether one of them began to undo its effect. */
  readonly undoBegun: boolean;
}
