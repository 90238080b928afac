import type { Question } from '../contract/resolve';
import type { OperationResult, OperationStatus } from './operation-status';

/** How an operation stands, with what a person wants to read next to it. */
export interface OperationOverview<Result = OperationResult> {
  readonly status: OperationStatus<Result>;
  /** The request as it was asked, empty when the run was started outside the contract. */
  readonly request: Readonly<Record<string, unknown>>;
  readonly startedAt: Date;
  readonly closedAt?: Date;
  /** The service's own status and words about its task. */
  readonly taskStatus?: string;
  readonly message?: string;
  /** What it asks an operator, while it needs a decision; answered with `resolve`. */
  readonly question?: Question;
  /** Of a cancelled operation: what is left of the request, one clause. */
  readonly left?: string;
  /** False while no worker has taken the run up. */
  readonly pickedUp: boolean;
}
