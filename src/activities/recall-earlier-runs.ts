import { Context } from '@temporalio/activity';
import { defaultPayloadConverter, WorkflowNotFoundError } from '@temporalio/common';
import type {
  DeletedClone,
  Exclusion,
  PreparedLinkedClone,
  StartRevertInput,
  Waited,
} from '../contract/activities';
import type { Look, StartOutcome, TaskEnd } from '../contract/evidence';
import type { MayHavePostedInput, PostedBefore, Recollection } from '../contract/recollection';
import { doneActivities, type DoneActivity, type History } from './done-activities';
import { wasHeldByAnother } from './held-by-another';
import { ownRunId } from './in-activity';

/** Each reset or `--again` adds one run; more than this nobody makes of one request. */
const MOST_RUNS = 20;

/**
 * Reads the histories of this request's earlier runs (E11): from a reset's base run to its base and so on, or from the
 * run that `--again` names. Their start results prove tasks ours, their first `prepare` is the true baseline.
 */
export async function recallEarlierRuns({ lockId }: Exclusion): Promise<Recollection> {
  const { runs, isIncomplete } = await runsOfRequest();
  const all = runs.flat();
  const since = all.find((each) => START_TYPES.includes(each.type))?.at;
  return {
    ...recollect(all),
    contested: since !== undefined && (await wasHeldByAnother(lockId, since)),
    ...(isIncomplete ? { incomplete: true } : {}),
  };
}

/** See `Activities.mayHavePosted`. A run that could not be read may have. */
export async function mayHavePosted({ knowingRunId }: MayHavePostedInput): Promise<PostedBefore> {
  const runId = ownRunId();
  if (runId === knowingRunId) return { runId, mayHavePosted: false, tasks: [], undoBegun: false };
  const { runs, isIncomplete } = await runsOfRequest();
  const left = runs.filter(mayHaveLeft);
  return {
    runId,
    mayHavePosted: isIncomplete || left.length > 0,
    tasks: tasksStarted(left.flat()),
    undoBegun: hasBegunToUndo(runs.flat()),
  };
}

/** What each run did, oldest first. A run that is reset without end, or that the server has forgotten, makes it incomplete. */
async function runsOfRequest(): Promise<{
  readonly runs: readonly (readonly DoneActivity[])[];
  readonly isIncomplete: boolean;
}> {
  const runs: (readonly DoneActivity[])[] = [];
  let next: string | undefined = ownRunId();
  while (next !== undefined && runs.length < MOST_RUNS) {
    const history = await historyOf(next);
    if (history === undefined) break;
    runs.unshift(doneActivities(history));
    next = baseRunOf(history) ?? againOf(history);
  }
  return { runs, isIncomplete: next !== undefined };
}

/** Undefined when the server has forgotten the run: its retention has passed. */
async function historyOf(runId: string): Promise<History | undefined> {
  try {
    return await handleOf(runId).fetchHistory();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

function handleOf(runId: string) {
  const { client, info } = Context.current();
  return client.workflow.getHandle(info.workflowExecution?.workflowId ?? '', runId);
}

/** A reset leaves a failed workflow task that names the run it was made of. */
const baseRunOf = (history: History): string | undefined =>
  (history.events ?? []).map((event) => event.workflowTaskFailedEventAttributes?.baseRunId).findLast(isText);

function againOf(history: History): string | undefined {
  const input = history.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0];
  if (input === undefined || input === null) return undefined;
  return defaultPayloadConverter.fromPayload<{ again?: { afterRunId: string } }>(input).again?.afterRunId;
}

function recollect(all: readonly DoneActivity[]): Omit<Recollection, 'contested' | 'incomplete'> {
  const resultsOf = (type: string): readonly unknown[] =>
    all.filter((each) => each.type === type && each.result !== undefined).map(({ result }) => result);
  const outcomes = outcomesOf(all);
  const [prepared] = resultsOf('prepareLinkedClone') as readonly PreparedLinkedClone[];
  const [look] = resultsOf('lookForEffect') as readonly Look[];
  const baseline = prepared?.baseline ?? look;
  return {
    runId: ownRunId(),
    taskIds: tasksStarted(all),
    ends: (resultsOf('awaitTask') as readonly Waited[]).filter(
      (waited): waited is TaskEnd => 'taskId' in waited,
    ),
    ...(baseline === undefined || !outcomes.some(mayHaveHadEffect) ? {} : { baseline }),
    undoBegun: hasBegunToUndo(all),
  };
}

/** Of the starts that were to have the request's effect, not of those that undo it. */
const outcomesOf = (all: readonly DoneActivity[]): readonly (StartOutcome | undefined)[] =>
  all
    .filter((each) => START_TYPES.includes(each.type) && !isUndo(each))
    .map(({ result }) => result as StartOutcome | undefined);

const tasksStarted = (all: readonly DoneActivity[]): readonly string[] => [
  ...new Set(outcomesOf(all).flatMap((outcome) => (outcome?.kind === 'started' ? [outcome.taskId] : []))),
];

/** A run deletes only once it knows its outcome, and nothing is left of what it has deleted. */
const mayHaveLeft = (run: readonly DoneActivity[]): boolean =>
  run.some(
    ({ type, result }) => START_TYPES.includes(type) && mayHaveHadEffect(result as StartOutcome | undefined),
  ) && !run.some(({ type, result }) => type === 'deleteClone' && isGone(result as DeletedClone | undefined));

const isGone = (deleted: DeletedClone | undefined): boolean =>
  deleted?.kind === 'deleted' || deleted?.kind === 'already-gone';

/** A start without a value may have posted; one that a refusal or a reset ended has not. */
const mayHaveHadEffect = (outcome: StartOutcome | undefined): boolean =>
  outcome === undefined ||
  outcome.kind === 'started' ||
  (outcome.kind === 'unknown' && outcome.afterReset !== true);

const START_TYPES = ['startLinkedClone', 'startRevert'];

const isUndo = ({ type, input }: DoneActivity): boolean =>
  type === 'startRevert' && (input as StartRevertInput | undefined)?.purpose === 'undo';

const hasBegunToUndo = (all: readonly DoneActivity[]): boolean =>
  all.some((each) => each.type === 'deleteClone' || isUndo(each));

const isText = (text: string | null | undefined): text is string => typeof text === 'string' && text !== '';
