import { Context } from '@temporalio/activity';
import type {
  AwaitTaskInput,
  RevertTarget,
  VerifyLinkedCloneInput,
  VerifiedRevert,
  Waited,
} from '../contract/activities';
import type { StartOutcome } from '../contract/evidence';
import { listedRuns } from '../contract/listed-runs';
import { omitUndefined } from '../contract/omit-undefined';
import { doneActivities, historyOf, predecessorOf, runsOf, startOf, type DoneActivity } from './history';
import { resetChain } from './recent-holders';

/** What other requests recorded as theirs. */
export interface Claims {
  /** The workflow id of the request, by the id of its task, machine or snapshot. */
  readonly by: ReadonlyMap<string, string>;
  /** Why that may not be all, one clause: then an id that is not there may be another request's all the same. */
  readonly unread?: string;
}

/** A team that reuses one name for each build has this many within a retention; each is one history to read. */
const MOST_HOLDERS = 200;

/** `since-begin`: a run has a baseline, which covers what is older. `ever`: what has ended has none at hand. */
type Reach = 'since-begin' | 'ever';

/**
 * What the other requests of a clone name, or of a reverted machine, recorded as theirs. Each of them had the lock, and locks
 * are found by their id in visibility, open and closed, newest first. A run that is forgotten is said, never taken for one
 * that did nothing. A failed read rejects.
 */
export async function claimsOfOthers(
  lockId: string,
  own: string,
  reach: Reach = 'since-begin',
): Promise<Claims> {
  const by = new Map<string, string>();
  const seen = new Set<string>();
  let unread: string | undefined;
  let begin: Date | undefined;
  const locks = listedRuns(Context.current().client, runsOf(lockId));
  for await (const { parentExecution, closeTime } of locks) {
    const { workflowId, runId } = parentExecution ?? {};
    if (!workflowId || !runId || workflowId === own || seen.has(runId)) continue;
    if (seen.size === 0) begin = await beginOf(own);
    const isOlder = begin !== undefined && closeTime !== undefined && closeTime < begin;
    if (isOlder && (reach === 'since-begin' || seen.size >= MOST_HOLDERS)) continue;
    if (seen.size >= MOST_HOLDERS)
      return { by, unread: `more than ${MOST_HOLDERS} other requests have held ${lockId} since` };
    seen.add(runId);
    const claimed = await claimedIn(workflowId, runId);
    // One that ended before this request began, and is forgotten, cannot have recorded what this one made.
    if (claimed === undefined && !isOlder) unread = `what ${workflowId} did is not kept any more`;
    for (const id of claimed ?? []) by.set(id, workflowId);
  }
  return omitUndefined({ by, unread });
}

/** Why an object cannot be this request's; undefined where no other request has recorded it. */
export function claimedBy(id: string, { by, unread }: Claims): string | undefined {
  const other = by.get(id);
  if (other !== undefined) return `${id} is of another request, ${other}, which recorded it`;
  return unread === undefined ? undefined : `whether ${id} is of another request cannot be told: ${unread}`;
}

/** Undefined where its first run is forgotten, or it is unknown: then nobody is known to have been before it. */
async function beginOf(workflowId: string): Promise<Date | undefined> {
  const runs: { readonly runId: string; readonly startTime: Date }[] = [];
  const { client } = Context.current();
  for await (const { runId, startTime } of listedRuns(client, runsOf(workflowId)))
    runs.push({ runId, startTime });
  const [first] = runs.toSorted((a, b) => a.startTime.getTime() - b.startTime.getTime());
  const history = first === undefined ? undefined : await historyOf(workflowId, first.runId);
  if (history === undefined || (await predecessorOf(workflowId, history)) !== undefined) return undefined;
  return startOf(history);
}

/** Of the run that took a lock, and of those that resets made of it. Undefined where one is forgotten. */
export async function claimedIn(workflowId: string, runId: string): Promise<readonly string[] | undefined> {
  const { runs, isWhole } = await resetChain(workflowId, runId);
  if (!isWhole) return undefined;
  const claimed: string[] = [];
  for (const run of runs) {
    const history = await historyOf(workflowId, run.runId);
    if (history === undefined) return undefined;
    claimed.push(...ownIds(await doneActivities(workflowId, history)));
  }
  return claimed;
}

/**
 * Tasks that its starts returned, what those made, and the machine that it took as its effect. A task that it only waited
 * for may be anybody's.
 */
function ownIds(all: readonly DoneActivity[]): readonly string[] {
  const sources = new Map(all.flatMap(startedTask));
  return [...sources.keys(), ...all.flatMap((each) => made(each, sources))];
}

/** The task that a start returned, and the machine that it was started on, which is no effect of it. */
function startedTask({ type, input, result }: DoneActivity): readonly (readonly [string, string])[] {
  if (type !== 'startLinkedClone' && type !== 'startRevert') return [];
  const outcome = result as StartOutcome | undefined;
  return outcome?.kind === 'started' ? [[outcome.taskId, (input as RevertTarget).vmId]] : [];
}

/** A run verifies the end of its own tasks alone, also of one that an operator named. */
function sourceOf(input: unknown): string | undefined {
  const { verify } = (input ?? {}) as Partial<AwaitTaskInput>;
  return verify !== undefined && 'sourceVmId' in verify ? verify.sourceVmId : undefined;
}

function made(
  { type, input, result }: DoneActivity,
  sources: ReadonlyMap<string, string>,
): readonly string[] {
  switch (type) {
    case 'awaitTask': {
      const end = result as Waited | undefined;
      if (end?.kind !== 'succeeded') return [];
      const { resultId, verified } = end;
      const source = sources.get(end.taskId) ?? sourceOf(input);
      const machine = source === undefined || source === resultId ? undefined : resultId;
      return [machine, verified?.revert?.undoSnapshotId].filter((id) => id !== undefined);
    }
    case 'verifyLinkedClone': {
      // Scheduled is enough: the run has taken it.
      const { vmId, sourceVmId } = input as VerifyLinkedCloneInput;
      return vmId === sourceVmId ? [] : [vmId];
    }
    case 'verifyRevert': {
      const { undoSnapshotId } = (result ?? {}) as Partial<VerifiedRevert>;
      return undoSnapshotId === undefined ? [] : [undoSnapshotId];
    }
    default:
      return [];
  }
}
