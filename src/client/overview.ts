import type { WorkflowExecutionDescription } from '@temporalio/client';
import type { Activities } from '../contract/activities';
import { decodeHistoryPayload } from '../contract/history-payload';
import { omitUndefined } from '../contract/omit-undefined';
import { MEMO, operationOfWorkflow, type Operation, type Warning } from '../contract/operations';
import { PHASES, isCondition, type Phase, type Progress } from '../contract/progress';
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

/** The phase that an activity belongs to, for activities that sent no heartbeat yet. Undefined where it may be any. */
const ACTIVITY_PHASES: Readonly<Record<keyof Activities, Phase | undefined>> = {
  prepareLinkedClone: 'prepare',
  prepareRevert: 'prepare',
  awaitExclusion: 'exclusion',
  releaseExclusion: undefined,
  recallEarlierRuns: undefined,
  mayHavePosted: undefined,
  startLinkedClone: 'start',
  startRevert: 'start',
  lookForEffect: 'start',
  checkAnswer: 'start',
  awaitTask: 'wait',
  verifyLinkedClone: 'verify',
  verifyRevert: 'verify',
  setPower: 'finish',
  deleteClone: 'compensate',
  recallMadeClone: undefined,
  inspect: undefined,
};

/** The phase of an activity by its wire name. */
export const activityPhase = (activityType: string): Phase | undefined =>
  Object.hasOwn(ACTIVITY_PHASES, activityType)
    ? ACTIVITY_PHASES[activityType as keyof Activities]
    : undefined;

type Pending = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];

/**
 * Progress as the pending activities tell it: heartbeat details where there are any, else the phase by the activity's
 * type. Reading it costs no event, unlike a query. Details that are not ours are ignored, never trusted.
 */
export const pendingProgress = async (
  link: TemporalLink,
  run: WorkflowExecutionDescription,
): Promise<Partial<Progress>> => {
  const pending = run.raw.pendingActivities ?? [];
  const all = await Promise.all(pending.map((activity) => progressOf(link, run.workflowId, activity)));
  return all.findLast(({ phase }) => phase !== undefined) ?? {};
};

const progressOf = async (
  link: TemporalLink,
  workflowId: string,
  activity: Pending,
): Promise<Partial<Progress>> => {
  const phase = activityPhase(activity.activityType?.name ?? '');
  const beat = await heartbeatOf(link, workflowId, activity);
  return { ...omitUndefined({ phase }), ...knownFields(beat) };
};

const heartbeatOf = async (
  { client, namespace }: TemporalLink,
  workflowId: string,
  { activityId, heartbeatDetails }: Pending,
): Promise<Readonly<Record<string, unknown>>> => {
  const { loadedDataConverter } = client.workflow.options;
  const owner = { namespace, workflowId, activityId: activityId ?? '' };
  const details = await decodeHistoryPayload(loadedDataConverter, heartbeatDetails?.payloads, owner);
  return typeof details === 'object' && details !== null ? (details as Record<string, unknown>) : {};
};

const knownFields = (beat: Readonly<Record<string, unknown>>): Partial<Progress> => ({
  ...(PHASES.some((phase) => phase === beat['phase']) ? { phase: beat['phase'] as Progress['phase'] } : {}),
  ...(typeof beat['percent'] === 'number' && Number.isFinite(beat['percent'])
    ? { percent: Math.min(100, Math.max(0, Math.round(beat['percent']))) }
    : {}),
  ...textField(beat, 'status'),
  ...textField(beat, 'message'),
  ...textField(beat, 'taskId'),
  ...(isCondition(beat['condition']) ? { condition: beat['condition'] } : {}),
});

const textField = (beat: Readonly<Record<string, unknown>>, field: 'status' | 'message' | 'taskId') =>
  typeof beat[field] === 'string' && beat[field] !== '' ? { [field]: beat[field] } : {};

/** Start and first workflow task scheduled: the history of a run that no worker has taken up. */
const UNTOUCHED_EVENTS = 2;

/** Reads everything about a run that the server tells without a query. */
export const overviewOfRun = async (
  link: TemporalLink,
  run: WorkflowExecutionDescription,
  requestId: string,
  signal?: AbortSignal,
): Promise<OperationOverview> => {
  const closed = isOperationOver(run.status.name);
  const progress = closed ? {} : await pendingProgress(link, run);
  const outcome = closed ? await runOutcome(link, run.workflowId, run.runId, signal) : undefined;
  const question = questionOfRun(run);
  const status = statusOf(run, requestId, { progress, outcome, question });
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
    ...omitUndefined({ phase: progress.phase, percent: progress.percent, taskId: progress.taskId }),
    ...outcomeFields(outcome),
    ...(state === 'needs-decision' ? { failure: needsDecision(targetOf(run, requestId), question) } : {}),
    ...(state === 'cancelled' ? { failure: cancelled(leftOf(run)) } : {}),
  };
};

/** Another workflow under the id of a request is no operation, whatever it does. */
const operationOf = ({ type, workflowId }: WorkflowExecutionDescription, requestId: string): Operation => {
  const operation = operationOfWorkflow(type);
  if (operation === undefined) throw new OperationNotFound(requestId, workflowId);
  return operation;
};

const ownNameOf = ({ memo }: WorkflowExecutionDescription): string | undefined => {
  const name: unknown = memo?.[MEMO.name];
  return typeof name === 'string' ? name : undefined;
};

const targetOf = ({ memo }: WorkflowExecutionDescription, requestId: string): CommandTarget => {
  const { connection } = (memo?.[MEMO.request] ?? {}) as { connection?: unknown };
  return { requestId, ...(typeof connection === 'string' ? { connection } : {}) };
};

const needsDecision = (target: CommandTarget, question: Question | undefined): OperationFailure => {
  const because = question === undefined ? '' : ` (${question.why})`;
  return {
    type: 'NeedsDecision',
    message: `${whatIsAsked(target, question)}${because}: decide with ${operationCommand('resolve', target)}.`,
    ...omitUndefined({
      details: question === undefined ? undefined : { why: question.why, candidates: question.candidates },
    }),
  };
};

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

const textIn = ({ memo }: WorkflowExecutionDescription, key: string): string | undefined => {
  const text: unknown = memo?.[key];
  return typeof text === 'string' ? text : undefined;
};

const leftOf = (run: WorkflowExecutionDescription): string | undefined => textIn(run, MEMO.left);

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
