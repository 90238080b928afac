import type { Question } from '../contract/resolve';
import type { OperationResult, OperationStatus } from './operation-status';

/** How an operation stands, with what a person wants to read next to it. */
export interface OperationOverview<Result = OperationResult> {
  /** How it stands, as `describe` says it. */
  readonly status: OperationStatus<Result>;
  /** The request as it was asked, empty when the run was started outside the contract. */
  readonly request: Readonly<Record<string, unknown>>;
  /** By the Temporal server's clock. */
  readonly startedAt: Date;
  /** By the Temporal server's clock; absent while it runs. */
  readonly closedAt?: Date;
  /** Status of its task, as the service spells it. */
  readonly taskStatus?: string;
  /** The service's own words about its task. */
  readonly message?: string;
  /** What it asks an operator, while it needs a decision; answered with `resolve`. */
  readonly question?: Question;
  /** Of a cancelled operation: what is left of the request, one clause. */
  readonly left?: string;
  /** False while no worker has taken the run up. */
  readonly pickedUp: boolean;
}
