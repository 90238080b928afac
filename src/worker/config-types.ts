import type { TemporalSettings } from '../client/temporal-settings';
import type { AllowList } from '../contract/activities';
import type { OperationSettings } from '../contract/operations';
import type { VsphereSettings } from '../vsphere';

/** The configuration of a worker. */
export interface WorkerConfig {
  readonly temporal: TemporalSettings;
  /** At least one. Names are unique. */
  readonly connections: readonly ConnectionConfig[];
  /** Task queue of workflows and short activities. Waits have one of their own. Default `snapflow`. */
  readonly taskQueue: string;
  /** How long the first connection to Temporal is tried for. Default 2 min. */
  readonly connectBudgetMs: number;
  /** Absent: no health server. */
  readonly health?: HealthConfig;
  /** Absent: no metrics. */
  readonly metrics?: MetricsConfig;
}

/** Where `GET /livez` and `GET /readyz` are answered. */
export interface HealthConfig {
  /** Address to listen on. Default 127.0.0.1: it is for a supervisor on this machine. */
  readonly host: string;
  /** 0 takes a free one, which the log names. */
  readonly port: number;
}

/** How much of a site one worker asks at once. Several workers add up. */
export interface ConnectionLimits {
  /** Requests that are checked at once, a dozen reads each. Default 16. */
  readonly checksAtOnce: number;
  /** Clones and reverts whose tasks are open at once. Further ones wait. Default 320: half of what a vCenter runs. */
  readonly tasksInFlight: number;
}

export const DEFAULT_LIMITS: ConnectionLimits = { checksAtOnce: 16, tasksInFlight: 320 };

/** Where `GET /metrics` is answered, by Temporal's core: a listener of its own, which answers also while this process is busy. */
export interface MetricsConfig {
  /** IP address to listen on. Default 127.0.0.1. */
  readonly host: string;
  /** 1 to 65535. */
  readonly port: number;
}

export interface ConnectionConfig {
  readonly vsphere: VsphereSettings;
  readonly operation: OperationSettings;
  readonly limits: ConnectionLimits;
  /** Everything, by default. */
  readonly allow: AllowList;
  /** What is odd about user name or password as they are written, one clause each. */
  readonly accountWarnings?: readonly string[];
}
