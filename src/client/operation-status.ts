import type { OperationState } from '../contract/listed-states';
import type { Operation } from '../contract/names';
import type { Condition, Phase } from '../contract/progress';
import type { LinkedCloneResult, RevertResult, Warning } from '../contract/result';
import type { OperationFailure } from './operation-failure';

export type OperationResult = Omit<LinkedCloneResult, 'warnings'> | Omit<RevertResult, 'warnings'>;

/** How an operation stands. This is the JSON of the command line too; what is not known is left out. */
export interface OperationStatus<Result = OperationResult> {
  /** The request id. */
  readonly id: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly operation: Operation;
  readonly state: OperationState;
  /** What keeps a running operation from being ordinary. */
  readonly condition?: Exclude<Condition, 'needs-decision'>;
  readonly phase?: Phase;
  /** 0 to 100, of the service's task. */
  readonly percent?: number;
  readonly taskId?: string;
  /** Present when succeeded. */
  readonly result?: Result;
  /** Deviations in a successful result. */
  readonly warnings?: readonly Warning[];
  /** Present when failed, cancelled or waiting for a decision. */
  readonly failure?: OperationFailure;
}
