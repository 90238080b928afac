import type { DeletedClone, Exclusion, Waited } from '../contract/activities';
import type { StartOutcome, TaskEnd } from '../contract/evidence';
import type { MayHavePostedInput, PostedBefore, Recollection } from '../contract/recollection';
import type { DoneActivity } from './done-activities';
import { wasHeldByAnother } from './held-by-another';
import { ownRunId } from './in-activity';
import { recordedBaseline } from './recorded-baseline';
import { runsOfRequest } from './runs-of-request';
import { isStart, isUndo, mayHaveHadEffect, START_TYPES } from './starts-in-history';

/**
 * Reads the histories of this request's earlier runs (E11): from a reset's base run to its base and so on, or from the
 * run that `--again` names. Their start results prove tasks ours, their first `prepare` is the true baseline.
 */
export async function recallEarlierRuns({ lockId }: Exclusion): Promise<Recollection> {
  const { runs, beside, isIncomplete } = await runsOfRequest();
  const all = runs.flat();
  const since = all.find((each) => START_TYPES.includes(each.type))?.at;
  return {
    ...recollect(all),
    contested: since !== undefined && (await wasHeldByAnother(lockId, since)),
    ...(isIncomplete || beside.some(mayHaveLeft) ? { incomplete: true } : {}),
  };
}

/** See `Activities.mayHavePosted`. A run that could not be read may have. */
export async function mayHavePosted({ knowingRunId }: MayHavePostedInput): Promise<PostedBefore> {
  const runId = ownRunId();
  if (runId === knowingRunId) return { runId, mayHavePosted: false, tasks: [], undoBegun: false };
  const { runs, beside, isIncomplete } = await runsOfRequest();
  const left = [...runs, ...beside].filter(mayHaveLeft);
  return {
    runId,
    mayHavePosted: isIncomplete || left.length > 0,
    tasks: tasksStarted(left.flat()),
    undoBegun: hasBegunToUndo(runs.flat()),
  };
}

function recollect(all: readonly DoneActivity[]): Omit<Recollection, 'contested' | 'incomplete'> {
  const resultsOf = (type: string): readonly unknown[] =>
    all.filter((each) => each.type === type && each.result !== undefined).map(({ result }) => result);
  const baseline = recordedBaseline(all);
  return {
    runId: ownRunId(),
    taskIds: tasksStarted(all),
    ends: (resultsOf('awaitTask') as readonly Waited[]).filter(
      // What could not be read then may be read by now.
      (waited): waited is TaskEnd => 'taskId' in waited && waited.kind !== 'unreadable',
    ),
    ...(baseline === undefined ? {} : { baseline }),
    undoBegun: hasBegunToUndo(all),
  };
}

const outcomesOf = (all: readonly DoneActivity[]): readonly (StartOutcome | undefined)[] =>
  all.filter(isStart).map(({ result }) => result as StartOutcome | undefined);

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

const hasBegunToUndo = (all: readonly DoneActivity[]): boolean =>
  all.some((each) => each.type === 'deleteClone' || isUndo(each));
