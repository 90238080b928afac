import { Context } from '@temporalio/activity';
import type { WorkflowExecutionDescription } from '@temporalio/client';
import type { Exclusion, VerifiedRevert, Waited } from '../contract/activities';
import type { StartOutcome } from '../contract/evidence';
import { listedRuns, type ListedRun } from '../contract/listed-runs';
import type { OperationSettings } from '../contract/operations';
import { describeRun, doneActivities, historyOf, mayArriveLate, runsOf, type DoneActivity } from './history';

/** More resets of one run are implausible. Beyond it the newest run stays unknown. */
const MOST_RESETS = 100;

export interface ResetChain {
  /** A run and those that resets made of it, oldest first. Where it is not whole, whichever run has the id now comes last. */
  readonly runs: readonly WorkflowExecutionDescription[];
  /** False where one of them is forgotten, retention having passed, or where there are too many. */
  readonly isWhole: boolean;
}

/** Follows a run through its resets: the run itself has closed by one, and the newest of the chain still counts. */
export async function resetChain(workflowId: string, runId: string | undefined): Promise<ResetChain> {
  const runs: WorkflowExecutionDescription[] = [];
  let next = runId;
  while (runs.length < MOST_RESETS) {
    const run = await describeRun(workflowId, next);
    if (run === undefined) break;
    runs.push(run);
    next = run.raw.workflowExtendedInfo?.resetRunId ?? '';
    if (next === '') return { runs, isWhole: true };
  }
  const newest = await describeRun(workflowId);
  return { runs: newest === undefined ? runs : [...runs, newest], isWhole: false };
}

/** The newest closed locks of one id. An older one was closed before these. */
const LOCKS_LOOKED_AT = 3;

/** What the last holders of a lock left. Their effects may not be visible yet, their calls and tasks not over. */
export interface RecentHolders {
  /** Set when one was terminated, or is forgotten: its last call may still be on its way (E8), so wait so long. */
  readonly settleMs?: number;
  /** Set when one was terminated while tasks of its starts run: nobody waits for them any more, so wait for their ends. */
  readonly openTasks?: readonly string[];
  /** Ids of tasks, machines and snapshots that they recorded: never this request's (E4). */
  readonly ofOthers: readonly string[];
}

/**
 * Locks end with their holders, so the closed locks of that id tell who they were. They are found by visibility, which may
 * lag by a second: a named rest risk, and each of the two requests would still have one effect. A holder that ended by
 * itself counts within start-to-close and safety wait, since it has waited for its late calls. One that was terminated
 * counts for as long as a task may take, because its task goes on. Where nobody had the lock lately, that is one question and no history is read. An
 * own name has no lock, and nobody had it before.
 */
export const holdersBefore = (
  exclusion: Exclusion | undefined,
  settings: OperationSettings,
  isOpen: (taskId: string) => Promise<boolean>,
): Promise<Partial<RecentHolders>> =>
  exclusion === undefined ? Promise.resolve({}) : recentHolders(exclusion, settings, isOpen);

async function recentHolders(
  { lockId, lockRunId }: Exclusion,
  { startToCloseMs, quarantineMs, lateCallMs = 0, waitBudgetMs }: OperationSettings,
  isOpen: (taskId: string) => Promise<boolean>,
): Promise<RecentHolders> {
  const windowMs = startToCloseMs + quarantineMs;
  const { client, info } = Context.current();
  // The server's clock, as close times are. It is a little late, so the wait is never too short.
  const nowMs = info.currentAttemptScheduledTimestampMs;
  const since = new Date(nowMs - Math.max(windowMs + lateCallMs, waitBudgetMs)).toISOString();
  const query = `${runsOf(lockId)} AND CloseTime > '${since}'`;
  const closed = listedRuns(client, query, LOCKS_LOOKED_AT);
  const ofOthers: string[] = [];
  let looked = 0;
  for await (const lock of closed) {
    // A workflow without a parent was no lock of a request.
    if (lock.runId === lockRunId || lock.parentExecution === undefined) continue;
    if (looked++ === LOCKS_LOOKED_AT) break;
    const holder = await holderOf(lock.parentExecution);
    const usualMs = (lock.closeTime?.getTime() ?? nowMs) + windowMs - nowMs;
    if (usualMs <= 0 && !holder.wasTerminated) continue;
    const done = await doneBy(holder);
    // What is forgotten may have been a start, too.
    const restMs = usualMs + (done === undefined || mayArriveLate(done) ? lateCallMs : 0);
    const openTasks = holder.wasTerminated ? await filtered(unendedTasks(done ?? []), isOpen) : [];
    if (openTasks.length > 0) return { openTasks, ofOthers };
    // What nobody can read any more is waited out as the last call of a terminated one is: then a look shows it.
    if (restMs > 0 && (done === undefined || holder.wasTerminated))
      return { settleMs: Math.max(1_000, restMs), ofOthers };
    ofOthers.push(...new Set((done ?? []).flatMap((each) => idsIn(each))));
  }
  return { ofOthers };
}

async function filtered<T>(
  all: readonly T[],
  isWanted: (each: T) => Promise<boolean>,
): Promise<readonly T[]> {
  const wanted: T[] = [];
  for (const each of all) if (await isWanted(each)) wanted.push(each);
  return wanted;
}

interface Holder {
  readonly workflowId: string;
  /** The run that took the lock, and those that resets made of it. */
  readonly runIds: readonly string[];
  readonly wasTerminated: boolean;
  /** False where the server has forgotten some of them. */
  readonly isWhole: boolean;
}

async function holderOf(parent: ListedRun['parentExecution']): Promise<Holder> {
  const workflowId = parent?.workflowId ?? '';
  const { runs, isWhole } = await resetChain(workflowId, parent?.runId ?? undefined);
  return {
    workflowId,
    runIds: runs.map(({ runId }) => runId),
    wasTerminated: runs.at(-1)?.status.name === 'TERMINATED',
    isWhole,
  };
}

/**
 * An earlier run of this very request is no other: what it recorded is ours, and recalled. Undefined where the server has
 * forgotten what it did.
 */
async function doneBy({ workflowId, runIds, isWhole }: Holder): Promise<readonly DoneActivity[] | undefined> {
  if (workflowId === '' || workflowId === Context.current().info.workflowExecution?.workflowId) return [];
  const histories = await Promise.all(runIds.map((runId) => historyOf(workflowId, runId)));
  const known = histories.filter((history) => history !== undefined);
  if (!isWhole || known.length < histories.length) return undefined;
  return (await Promise.all(known.map((history) => doneActivities(workflowId, history)))).flat();
}

/** Tasks that its starts returned, and whose end it has not recorded. */
function unendedTasks(done: readonly DoneActivity[]): readonly string[] {
  const ended = done.filter(({ type }) => type === 'awaitTask').flatMap((each) => idsIn(each));
  const started = done.filter(({ type }) => type !== 'awaitTask' && type !== 'verifyRevert');
  return started.flatMap((each) => idsIn(each)).filter((taskId) => !ended.includes(taskId));
}

/** A task that it waited for is older than our lock, whosever it was. */
function idsIn({ type, result }: DoneActivity): readonly string[] {
  if (result === undefined) return [];
  switch (type) {
    case 'startLinkedClone':
    case 'startRevert': {
      const outcome = result as StartOutcome;
      return outcome.kind === 'started' ? [outcome.taskId] : [];
    }
    case 'awaitTask': {
      const end = result as Waited;
      if (!('taskId' in end)) return [];
      if (end.kind !== 'succeeded') return [end.taskId];
      return [end.taskId, end.resultId, end.verified?.revert?.undoSnapshotId].filter(
        (id) => id !== undefined,
      );
    }
    case 'verifyRevert': {
      const { undoSnapshotId } = result as VerifiedRevert;
      return undoSnapshotId === undefined ? [] : [undoSnapshotId];
    }
    default:
      return [];
  }
}
