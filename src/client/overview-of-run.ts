import type { WorkflowExecutionDescription } from '@temporalio/client';
import { MEMO, WORKFLOWS, type Operation } from '../contract/names';
import { operationCommand, type CommandTarget } from '../contract/operation-command';
import type { Condition, Progress } from '../contract/progress';
import type { Question } from '../contract/resolve';
import type { Warning } from '../contract/result';
import { isClosed, runOutcome, type RunOutcome } from './closed-run';
import type { OperationFailure } from './operation-failure';
import type { OperationOverview } from './operation-overview';
import type { OperationResult, OperationStatus } from './operation-status';
import { pendingProgress } from './pending-progress';
import { questionOfRun } from './question-of-run';
import { runCondition } from './run-condition';
import { runState } from './run-state';
import type { TemporalLink } from './temporal-link';

/** Start and first workflow task scheduled: the history of a run that no worker has taken up. */
const UNTOUCHED_EVENTS = 2;

/** Reads everything about a run that the server tells without a query. */
export const overviewOfRun = async (
  link: TemporalLink,
  run: WorkflowExecutionDescription,
  requestId: string,
  signal?: AbortSignal,
): Promise<OperationOverview> => {
  const closed = isClosed(run.status.name);
  const progress = closed ? {} : await pendingProgress(link, run);
  const outcome = closed ? await runOutcome(link, run.workflowId, run.runId, signal) : undefined;
  const question = questionOfRun(run);
  const status = statusOf(run, requestId, { progress, outcome, question });
  const left = leftOf(run);
  return {
    status,
    request: (run.memo?.[MEMO.request] ?? {}) as Record<string, unknown>,
    startedAt: run.startTime,
    ...(run.closeTime === undefined ? {} : { closedAt: run.closeTime }),
    ...(progress.status === undefined ? {} : { taskStatus: progress.status }),
    ...(progress.message === undefined ? {} : { message: progress.message }),
    ...(status.state === 'needs-decision' && question !== undefined ? { question } : {}),
    ...(status.state === 'cancelled' && left !== undefined ? { left } : {}),
    pickedUp: closed || run.historyLength > UNTOUCHED_EVENTS,
  };
};

/** What was read about a run besides its description. */
interface Read {
  readonly progress: Partial<Progress>;
  readonly outcome: RunOutcome | undefined;
  readonly question: Question | undefined;
}

const statusOf = (
  run: WorkflowExecutionDescription,
  requestId: string,
  { progress, outcome, question }: Read,
): OperationStatus => {
  const condition = isClosed(run.status.name) ? undefined : (runCondition(run) ?? progress.condition);
  const state = runState(run.status.name, condition);
  return {
    id: requestId,
    workflowId: run.workflowId,
    runId: run.runId,
    operation: operationOf(run),
    state,
    ...ordinaryCondition(condition),
    ...(progress.phase === undefined ? {} : { phase: progress.phase }),
    ...(progress.percent === undefined ? {} : { percent: progress.percent }),
    ...(progress.taskId === undefined ? {} : { taskId: progress.taskId }),
    ...outcomeFields(outcome),
    ...(state === 'needs-decision' ? { failure: needsDecision(targetOf(run, requestId), question) } : {}),
    ...(state === 'cancelled' ? { failure: cancelled(leftOf(run)) } : {}),
  };
};

const operationOf = ({ type }: WorkflowExecutionDescription): Operation =>
  type === WORKFLOWS.revertVm ? 'revert' : 'clone';

const ordinaryCondition = (condition: Condition | undefined): Pick<OperationStatus, 'condition'> =>
  condition === undefined || condition === 'needs-decision' ? {} : { condition };

const targetOf = ({ memo }: WorkflowExecutionDescription, requestId: string): CommandTarget => {
  const { connection } = (memo?.[MEMO.request] ?? {}) as { connection?: unknown };
  return { requestId, ...(typeof connection === 'string' ? { connection } : {}) };
};

const needsDecision = (target: CommandTarget, question: Question | undefined): OperationFailure => {
  const because = question === undefined ? '' : ` (${question.why})`;
  return {
    type: 'NeedsDecision',
    message: `Looking cannot tell whether the request ${target.requestId} had its effect${because}: decide with ${operationCommand('resolve', target)}.`,
    ...(question === undefined ? {} : { details: { why: question.why, candidates: question.candidates } }),
  };
};

/** A run that was cancelled before it could have had an effect leaves no word about it. */
const cancelled = (left: string | undefined): OperationFailure => ({
  type: 'Cancelled',
  message: `The request was cancelled: ${left ?? 'this run had done nothing yet'}.`,
  ...(left === undefined ? {} : { details: { left } }),
});

const leftOf = ({ memo }: WorkflowExecutionDescription): string | undefined => {
  const left: unknown = memo?.[MEMO.left];
  return typeof left === 'string' ? left : undefined;
};

const outcomeFields = (
  outcome: RunOutcome | undefined,
): Pick<OperationStatus, 'taskId' | 'result' | 'warnings' | 'failure'> => {
  if (outcome === undefined) return {};
  if (outcome.kind === 'threw') {
    const { failure } = outcome;
    const hasTask = failure.type === 'TaskFailed' || failure.type === 'CompensationIncomplete';
    const taskId: unknown = hasTask ? failure.details?.taskId : undefined;
    return { failure, ...(typeof taskId === 'string' ? { taskId } : {}) };
  }
  const { warnings, ...result } = (outcome.value ?? {}) as OperationResult & {
    warnings?: readonly Warning[];
  };
  return {
    ...(typeof result.taskId === 'string' ? { taskId: result.taskId } : {}),
    result,
    ...(warnings === undefined || warnings.length === 0 ? {} : { warnings }),
  };
};
