import { omitUndefined } from '../contract/omit-undefined';
import type { Operation, ResultOf, Warning } from '../contract/operations';
import type { OperationState, Condition, Phase, Progress } from '../contract/progress';
import type { Question } from '../contract/resolve';
import type { OperationFailure } from './errors';

/** How each state reads after a noun. */
export const STATE_WORDS: Readonly<Record<OperationState, string>> = {
  running: 'is running',
  succeeded: 'has succeeded',
  failed: 'has failed',
  cancelled: 'was cancelled',
  'needs-decision': 'needs a decision',
};

/** How an operation stands, with what a person wants to read next to it. As one object it is the command line's JSON. */
export interface OperationOverview<Result = OperationResult> {
  /** How it stands, as `describe` says it. */
  readonly status: OperationStatus<Result>;
  /** The request as it was asked, empty when the run was started outside the contract. */
  readonly request: Readonly<Record<string, unknown>>;
  /** Who asked for it, as its caller said. Absent when the caller said nothing. */
  readonly requester?: string;
  /** By the Temporal server's clock. */
  readonly startedAt: Date;
  /** By the Temporal server's clock. Absent while it runs. */
  readonly closedAt?: Date;
  /** Status of its task, as the service spells it. */
  readonly taskStatus?: string;
  /** The service's own words about its task. */
  readonly message?: string;
  /** What it asks an operator, while it needs a decision. Answered with `resolve`. */
  readonly question?: Question;
  /** Of a cancelled operation: what is left of the request, one clause. */
  readonly left?: string;
  /** False while no worker has taken the run up. */
  readonly pickedUp: boolean;
}

/** What an operation, or any, returned. Its warnings are beside it. */
export type OperationResult<O extends Operation = Operation> = { [K in O]: Omit<ResultOf<K>, 'warnings'> }[O];

/** How an operation stands. What is not known is left out. */
export interface OperationStatus<Result = OperationResult> {
  /** The request id. */
  readonly id: string;
  /** `snapflow:<connection>:<request id>`. */
  readonly workflowId: string;
  /** Of the newest run: another one after a reset or `again`. */
  readonly runId: string;
  /** What was asked for. */
  readonly operation: Operation;
  /** Of a clone with `uniqueName`: the name that its machine has or is to have, once it is known. */
  readonly name?: string;
  /** Whether and how it has ended. */
  readonly state: OperationState;
  /** What keeps a running operation from being ordinary. */
  readonly condition?: Exclude<Condition, 'needs-decision'>;
  /**
   * Of one that runs: why it is in its condition or needs a decision, or why its step failed and is tried again. One
   * clause. It is known without a worker.
   */
  readonly why?: string;
  /** While it is queued: workflow id of the operation that it waits for. */
  readonly heldBy?: string;
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

/** One change in how an operation stands. */
export interface OperationProgress
  extends
    Pick<OperationStatus, 'state' | 'condition' | 'why' | 'phase' | 'taskId' | 'percent'>,
    Pick<Progress, 'status' | 'message'> {}

/** What to show after an overview, given what was shown before. Undefined when nothing changed. */
export function nextProgress(
  before: OperationProgress | undefined,
  { status, taskStatus, message }: OperationOverview<unknown>,
): OperationProgress | undefined {
  // Between two activities nothing is pending: the phase is still the last one known.
  const phase = status.phase ?? before?.phase;
  const taskId = status.taskId ?? before?.taskId;
  const percent = highestPercent(before, phase, taskId, status.percent);
  const next: OperationProgress = {
    state: status.state,
    ...omitUndefined({
      condition: status.condition,
      why: status.why,
      phase,
      percent,
      taskId,
      status: taskStatus,
      message,
    }),
  };
  return before !== undefined && JSON.stringify(next) === JSON.stringify(before) ? undefined : next;
}

/** A wait that another worker took over starts its reports again. Shown progress does not go back. */
function highestPercent(
  before: OperationProgress | undefined,
  phase: Progress['phase'] | undefined,
  taskId: string | undefined,
  percent: number | undefined,
): number | undefined {
  if (before?.percent === undefined || before.phase !== phase || before.taskId !== taskId) return percent;
  return Math.max(before.percent, percent ?? 0);
}
