/** The first line of output. */
export interface SimulatorAddress {
  readonly vcenterUrl: string;
  readonly applianceUrl: string;
  readonly controlUrl: string;
  readonly username: string;
  readonly password: string;
  /** Lacks the privileges to clone and to power off. */
  readonly limitedUsername: string;
  readonly limitedPassword: string;
  /** The authority to trust, with `--tls`. */
  readonly caFile: string | null;
  readonly pid: number;
}

export interface RunningSimulator extends SimulatorAddress {
  /** Cuts every connection, held calls included, and frees the ports; within a second. */
  stop(): Promise<void>;
}
