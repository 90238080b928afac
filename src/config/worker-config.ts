import type { AllowList } from '../contract/allow-list';
import type { OperationSettings } from '../contract/settings';
import type { VsphereSettings } from '../vsphere';

/** All that a worker is told from outside. */
export interface WorkerConfig {
  /** At least one; names are unique. */
  readonly connections: readonly ConnectionConfig[];
  /** Task queue of workflows and short activities; waits have one of their own. Default `snapflow`. */
  readonly taskQueue: string;
  /** How long the first connection to Temporal is tried for. Default 2 min. */
  readonly connectBudgetMs: number;
}

export interface ConnectionConfig {
  readonly vsphere: VsphereSettings;
  readonly operation: OperationSettings;
  /** Everything, by default. */
  readonly allow: AllowList;
}
