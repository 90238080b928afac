/** Where the Temporal server is. Each option overrides Temporal's own environment configuration. */
export interface ConnectOptions {
  /** `host:port`. Default: `TEMPORAL_ADDRESS` or the profile's, else `localhost:7233`. */
  readonly address?: string;
  /** Default: `TEMPORAL_NAMESPACE` or the profile's, else `default`. */
  readonly namespace?: string;
  /** Profile in Temporal's configuration file. Default: `TEMPORAL_PROFILE`, else `default`. */
  readonly profile?: string;
  /** Task queue of the workers. Default: `SNAPFLOW_TASK_QUEUE`, else `snapflow`. */
  readonly taskQueue?: string;
  /** Told things worth saying that are no failure, one sentence each. Default: they are dropped. */
  readonly onNotice?: (sentence: string) => void;
  /** Gives up connecting. */
  readonly signal?: AbortSignal;
}
