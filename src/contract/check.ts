/** What a `doctor` looks at. */
export type CheckName =
  | 'temporal'
  | 'namespace'
  | 'retention'
  | 'search-attributes'
  | 'workers'
  | 'locks'
  | 'operations'
  | 'connections'
  | 'reachability'
  | 'clock'
  | 'login'
  | 'privileges'
  | 'allow-list'
  | 'tls'
  | 'quarantine'
  | 'same-site';

/** `failed`: operations fail or wait until somebody acts. `warning`: they work, and something should be known. */
export type CheckState = 'ok' | 'warning' | 'failed';

/** One thing that was looked at. */
export interface Check {
  /** What was looked at. */
  readonly check: CheckName;
  /** Which one of its kind: an address, a task queue, a connection and its host, an operation. */
  readonly subject: string;
  /** How it stands. */
  readonly state: CheckState;
  /** One clause: what was found. */
  readonly message: string;
  /** One clause: what to do. Present unless the state is `ok`. */
  readonly remedy?: string;
}
