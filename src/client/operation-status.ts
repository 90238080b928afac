import type { OperationState } from '../contract/listed-states';
import type { Operation } from '../contract/names';
import type { Condition, Phase } from '../contract/progress';
import type { LinkedCloneResult, RevertResult, Warning } from '../contract/result';
import type { OperationFailure } from './operation-failure';

/** What an operation returned; its warnings are beside it. */
export type OperationResult = Omit<LinkedCloneResult, 'warnings'> | Omit<RevertResult, 'warnings'>;

/** How an operation stands. This is the JSON of the command line too; what is not known is left out. */
export interface OperationStatus<Result = OperationResult> {
  /** The request id. */
  readonly id: string;
  /** `snapflow:<connection>:<request id>`. */
  readonly workflowId: string;
  /** Of the newest run: another one after a reset or `again`. */
  readonly runId: string;
  /** What was asked for. */
  readonly operation: Operation;
  /** Whether and how it has ended. */
  readonly state: OperationState;
  /** What keeps a running operation from being ordinary. */
  readonly condition?: Exclude<Condition, 'needs-decision'>;
  /** What it does at the moment, while something is pending. */
  readonly phase?: Phase;
  /** 0 to 100, of the service's task. */
  readonly percent?: number;
  /** The task of the snapshot service, once it is known. */
  readonly taskId?: string;
  /** Present when succeeded. */
  readonly result?: Result;
  /** Deviations in a successful result. */
  readonly warnings?: readonly Warning[];
  /** Present when failed, cancelled or waiting for a decision. */
  readonly failure?: OperationFailure;
}
