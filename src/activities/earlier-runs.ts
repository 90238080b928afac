import { Context } from '@temporalio/activity';
import type {
  StartRevertInput,
  LookInput,
  OnSite,
  PreparedLinkedClone,
  DeletedClone,
  Exclusion,
  Waited,
} from '../contract/activities';
import type {
  StartOutcome,
  Look,
  TaskEnd,
  MayHavePostedInput,
  PostedBefore,
  Recollection,
} from '../contract/evidence';
import { listedRuns } from '../contract/listed-runs';
import { omitUndefined } from '../contract/omit-undefined';
import { ownRunId, ownWorkflowId } from './context';
import { wasHeldByAnother } from './exclusion';
import {
  doneActivities,
  historyOf,
  mayArriveLate,
  predecessorOf,
  runsOf,
  START_TYPES,
  startOf,
  type DoneActivity,
  type History,
} from './history';

const isUndo = ({ type, input }: DoneActivity): boolean =>
  type === 'startRevert' && (input as StartRevertInput | undefined)?.purpose === 'undo';

/** Of the starts that were to have the request's effect, not of those that undo it. */
const isStart = (each: DoneActivity): boolean => START_TYPES.includes(each.type) && !isUndo(each);

/** A start without a value may have posted. One that a refusal or a reset ended has not. */
const mayHaveHadEffect = (outcome: StartOutcome | undefined): boolean =>
  outcome === undefined ||
  outcome.kind === 'started' ||
  (outcome.kind === 'unknown' && outcome.afterReset !== true);

/**
 * The last first look before the first start that may have had an effect. Without such a start there is none. One that was
 * thrown away, because the lock's last holder had to settle, is followed by another before any start.
 */
export function recordedBaseline(all: readonly DoneActivity[]): Look | undefined {
  const post = all.findIndex((each) => isStart(each) && mayHaveHadEffect(each.result as StartOutcome));
  return post < 0
    ? undefined
    : all
        .slice(0, post)
        .map(firstLookOf)
        .findLast((look) => look !== undefined);
}

function firstLookOf({ type, input, result }: DoneActivity): Look | undefined {
  if (type === 'prepareLinkedClone') return (result as PreparedLinkedClone | undefined)?.baseline;
  return type === 'lookForEffect' && (input as LookInput).depth === 'first'
    ? (result as Look | undefined)
    : undefined;
}

/** Each reset or `--again` adds one run. More than this are implausible for one request. */
const MOST_RUNS = 20;

/** What one run did. */
type RunActivities = readonly DoneActivity[];

interface RunsOfRequest {
  /** This run and those that it comes from, by resets and `--again`, oldest first. */
  readonly runs: readonly RunActivities[];
  /** Runs beside them: who resets a run that is not the newest has the newest ended, whatever that one has posted. */
  readonly beside: readonly RunActivities[];
  /** A run that is reset without end, or that the server has forgotten. */
  readonly isIncomplete: boolean;
}

/** What the request's runs did, as their histories recorded it. */
async function runsOfRequest(): Promise<RunsOfRequest> {
  const runs: RunActivities[] = [];
  const read = new Set<string>();
  let oldest: Date | undefined;
  let next: string | undefined = ownRunId();
  while (next !== undefined && runs.length < MOST_RUNS) {
    const history = await ownHistory(next);
    if (history === undefined) break;
    read.add(next);
    runs.unshift(await doneActivities(ownWorkflowId(), history));
    oldest = startOf(history);
    next = await predecessorOf(ownWorkflowId(), history);
  }
  const others = await runsBeside(read, oldest);
  return { runs, beside: others.runs, isIncomplete: next !== undefined || others.isIncomplete };
}

/** By visibility, which may lag by a second: a run that has posted is older than that when another one recalls. */
async function runsBeside(
  read: ReadonlySet<string>,
  since: Date | undefined,
): Promise<Pick<RunsOfRequest, 'runs' | 'isIncomplete'>> {
  const { client } = Context.current();
  const query = runsOf(ownWorkflowId());
  const runs: RunActivities[] = [];
  for await (const { runId, startTime } of listedRuns(client, query)) {
    if (read.has(runId) || (since !== undefined && startTime < since)) continue;
    const history = runs.length < MOST_RUNS ? await ownHistory(runId) : undefined;
    if (history === undefined) return { runs, isIncomplete: true };
    runs.push(await doneActivities(ownWorkflowId(), history));
  }
  return { runs, isIncomplete: false };
}

/** Of a run of this request. */
const ownHistory = (runId: string): Promise<History | undefined> => historyOf(ownWorkflowId(), runId);

/**
 * Reads the histories of this request's earlier runs (E11): from a reset's base run to its base and so on, or from the
 * run that `--again` names. Their start results prove tasks ours, their first `prepare` is the true baseline.
 */
export async function recallEarlierRuns({ lockId }: Partial<Exclusion>): Promise<Recollection> {
  const { runs, beside, isIncomplete } = await runsOfRequest();
  const all = runs.flat();
  const since = all.find((each) => START_TYPES.includes(each.type))?.at;
  return {
    ...recollect(all),
    contested: lockId !== undefined && since !== undefined && (await wasHeldByAnother(lockId, since)),
    ...(isIncomplete || beside.some(mayHaveLeft) ? { incomplete: true } : {}),
    ...([...runs, ...beside].some(mayArriveLate) ? { withoutWord: true } : {}),
  };
}

/** The clone name that the oldest of the request's runs prepared. Undefined where none did, or none is kept. */
export async function recordedName(): Promise<string | undefined> {
  const prepared = (await runsOfRequest()).runs
    .flat()
    .filter(({ type }) => type === 'prepareLinkedClone')
    .map(({ result }) => result as PreparedLinkedClone | undefined);
  return prepared.find((each) => each !== undefined)?.name;
}

/** The site that the request's earlier runs began on, where one recorded it: what they posted is there. */
export async function siteOfEarlierRuns(): Promise<string | undefined> {
  const { runs } = await runsOfRequest();
  return runs
    .flat()
    .filter(({ type }) => type === 'prepareLinkedClone' || type === 'prepareRevert')
    .map(({ result }) => (result as OnSite | undefined)?.siteId)
    .find((siteId) => siteId !== undefined);
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
    ends: (resultsOf('awaitTask') as readonly Waited[]).flatMap(endOf),
    ...omitUndefined({ baseline }),
    undoBegun: hasBegunToUndo(all),
  };
}

/** What could not be read then may be read by now, and what was verified then may be gone. */
function endOf(waited: Waited): readonly TaskEnd[] {
  if (!('taskId' in waited) || waited.kind === 'unreadable') return [];
  const { verified: _, ...end } = waited;
  return [end];
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
