import type { WorkflowExecutionDescription } from '@temporalio/client';
import { omitUndefined } from '../contract/omit-undefined';
import { MEMO, operationOfWorkflow, type Operation, type Warning } from '../contract/operations';
import type { Condition } from '../contract/progress';
import type { Question } from '../contract/resolve';
import { operationCommand, type CommandTarget } from '../contract/text';
import type { TemporalLink } from './temporal-calls';
import {
  conditionBesideState,
  isOperationOver,
  runOutcome,
  questionOfRun,
  runCondition,
  runState,
  type RunOutcome,
} from './describe';
import { OperationNotFound, type OperationFailure } from './errors';
import type { OperationOverview, OperationResult, OperationStatus } from './operation-views';
import { readPending, type Pending } from './pending';

/** Start and first workflow task scheduled: the history of a run that no worker has taken up. */
const UNTOUCHED_EVENTS = 2;

/** Reads everything about a run that the server tells without a query. */
export async function overviewOfRun(
  link: TemporalLink,
  run: WorkflowExecutionDescription,
  requestId: string,
  signal?: AbortSignal,
): Promise<OperationOverview> {
  const closed = isOperationOver(run.status.name);
  const pending = closed ? NOTHING_PENDING : await readPending(link, run);
  const outcome = closed ? await runOutcome(link, run.workflowId, run.runId, signal) : undefined;
  const question = questionOfRun(run);
  const status = statusOf(run, requestId, { pending, outcome, question });
  const { progress } = pending;
  const left = leftOf(run);
  return {
    status,
    request: (run.memo?.[MEMO.request] ?? {}) as Record<string, unknown>,
    startedAt: run.startTime,
    ...omitUndefined({ closedAt: run.closeTime, taskStatus: progress.status, message: progress.message }),
    ...omitUndefined({
      question: status.state === 'needs-decision' ? question : undefined,
      left: status.state === 'cancelled' ? left : undefined,
      requester: textIn(run, MEMO.requester),
    }),
    pickedUp: closed || run.historyLength > UNTOUCHED_EVENTS,
  };
}

const NOTHING_PENDING: Pending = { progress: {} };

/** What was read about a run besides its description. */
interface Read {
  readonly pending: Pending;
  readonly outcome: RunOutcome | undefined;
  readonly question: Question | undefined;
}

function statusOf(
  run: WorkflowExecutionDescription,
  requestId: string,
  { pending, outcome, question }: Read,
): OperationStatus {
  const { progress } = pending;
  const condition = isOperationOver(run.status.name) ? undefined : (runCondition(run) ?? progress.condition);
  const state = runState(run.status.name, condition);
  return {
    id: requestId,
    workflowId: run.workflowId,
    runId: run.runId,
    operation: operationOf(run, requestId),
    ...omitUndefined({ name: ownNameOf(run) }),
    state,
    ...conditionBesideState(condition),
    ...omitUndefined({ why: whyOf(condition, pending, question), heldBy: heldBy(condition, pending) }),
    ...omitUndefined({ phase: progress.phase, percent: progress.percent, taskId: progress.taskId }),
    ...outcomeFields(outcome),
    ...(state === 'needs-decision' ? { failure: needsDecision(targetOf(run, requestId), question) } : {}),
    ...(state === 'cancelled' ? { failure: cancelled(leftOf(run)) } : {}),
  };
}

/** Why it is in its condition, or why its step is tried again. A worker that runs is not needed to know. */
function whyOf(
  condition: Condition | undefined,
  { progress, failure }: Pending,
  question: Question | undefined,
): string | undefined {
  switch (condition) {
    case undefined:
      return failure;
    case 'needs-decision':
      return question?.why;
    case 'queued':
      return (progress.condition === condition ? progress.message : undefined) ?? failure ?? QUEUED;
    case 'blocked':
      return (progress.condition === condition ? progress.message : undefined) ?? failure ?? BLOCKED;
    case 'overdue':
      return failure ?? OVERDUE;
    case 'compensating':
      return failure ?? COMPENSATING;
  }
}

const QUEUED = 'another request holds the lock, or what it left may still take effect';
const BLOCKED = 'its step failed and is being tried again';
const OVERDUE = 'it takes longer than its budget; time alone never fails it';
const COMPENSATING = 'a cancel, the deadline or a failure came after the start: what was done is undone';

const heldBy = (condition: Condition | undefined, { progress }: Pending): string | undefined =>
  condition === 'queued' ? progress.heldBy : undefined;

/** Another workflow under the id of a request is no operation, whatever it does. */
function operationOf({ type, workflowId }: WorkflowExecutionDescription, requestId: string): Operation {
  const operation = operationOfWorkflow(type);
  if (operation === undefined) throw new OperationNotFound(requestId, workflowId);
  return operation;
}

function ownNameOf({ memo }: WorkflowExecutionDescription): string | undefined {
  const name: unknown = memo?.[MEMO.name];
  return typeof name === 'string' ? name : undefined;
}

function targetOf({ memo }: WorkflowExecutionDescription, requestId: string): CommandTarget {
  const { connection } = (memo?.[MEMO.request] ?? {}) as { connection?: unknown };
  return { requestId, ...(typeof connection === 'string' ? { connection } : {}) };
}

function needsDecision(target: CommandTarget, question: Question | undefined): OperationFailure {
  const because = question === undefined ? '' : ` (${question.why})`;
  return {
    type: 'NeedsDecision',
    message: `${whatIsAsked(target, question)}${because}: decide with ${operationCommand('resolve', target)}.`,
    ...omitUndefined({
      details: question === undefined ? undefined : { why: question.why, candidates: question.candidates },
    }),
  };
}

const whatIsAsked = ({ requestId }: CommandTarget, question: Question | undefined): string =>
  question?.about === undefined
    ? `Looking cannot tell whether the request ${requestId} had its effect`
    : `The request ${requestId} asks whether to go on`;

/** A run that was cancelled before it could have had an effect leaves no word about it. */
const cancelled = (left: string | undefined): OperationFailure => ({
  type: 'Cancelled',
  message: `The request was cancelled: ${left ?? 'this run had done nothing yet'}.`,
  ...omitUndefined({ details: left === undefined ? undefined : { left } }),
});

function textIn({ memo }: WorkflowExecutionDescription, key: string): string | undefined {
  const text: unknown = memo?.[key];
  return typeof text === 'string' ? text : undefined;
}

const leftOf = (run: WorkflowExecutionDescription): string | undefined => textIn(run, MEMO.left);

function outcomeFields(
  outcome: RunOutcome | undefined,
): Pick<OperationStatus, 'taskId' | 'result' | 'warnings' | 'failure'> {
  if (outcome === undefined) return {};
  if (outcome.kind === 'threw') {
    const { failure } = outcome;
    const hasTask = failure.type === 'TaskFailed' || failure.type === 'CompensationIncomplete';
    const taskId: unknown = hasTask ? failure.details?.taskId : undefined;
    return { failure, ...(typeof taskId === 'string' ? { taskId } : {}) };
  }
  const { warnings, result } = partsOfReturned(outcome.value);
  return {
    ...(typeof result.taskId === 'string' ? { taskId: result.taskId } : {}),
    result,
    ...(warnings === undefined || warnings.length === 0 ? {} : { warnings }),
  };
}

/** What a run returns is its result, with the warnings beside it. */
export function partsOfReturned(value: unknown): {
  readonly result: OperationResult;
  readonly warnings?: readonly Warning[] | undefined;
} {
  const { warnings, ...result } = (value ?? {}) as OperationResult & { warnings?: readonly Warning[] };
  return { result, warnings };
}
