/**
 * What requests may touch on a connection: whoever may start a workflow acts with the worker's account. Each list that is
 * absent allows everything. Names may hold `*` (any characters) and `?` (one); clusters and folders may be ids, too.
 */
export interface AllowList {
  /** Clusters of source and clone. */
  readonly clusters?: readonly string[];
  /** Folders that clones may be placed in, the default folder included. */
  readonly folders?: readonly string[];
  /** Names of machines that may be cloned or reverted. */
  readonly sources?: readonly string[];
  /** Names that clones may have. */
  readonly clones?: readonly string[];
}
