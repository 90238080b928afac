import { Context } from '@temporalio/activity';
import type {
  WorkflowHandle,
  WorkflowExecutionStatusName,
  WorkflowExecutionDescription,
} from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import type { StartOutcome } from '../contract/evidence';
import { decodeHistoryPayload } from '../contract/history-payload';
import { LOCK_WORKFLOW, MEMO } from '../contract/operations';
import { isRunGone } from '../contract/run-gone';

export type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;
type Event = NonNullable<History['events']>[number];

/** What a run recorded; undefined when the server has forgotten it: its retention has passed, or it never was. */
export async function historyOf(workflowId: string, runId: string): Promise<History | undefined> {
  try {
    return await Context.current().client.workflow.getHandle(workflowId, runId).fetchHistory();
  } catch (error) {
    if (isRunGone(error)) return undefined;
    throw error;
  }
}

/** An activity as a history recorded it. */
export interface DoneActivity {
  readonly type: string;
  /** When it was scheduled. */
  readonly at: Date;
  readonly input: unknown;
  /** Undefined when it ended without a value. */
  readonly result: unknown;
}

/** The activities that post. */
export const START_TYPES = ['startLinkedClone', 'startRevert'];

/** Whether the call of one of the starts may arrive late: nothing was recorded of how its attempt ended. */
export const mayArriveLate = (all: readonly DoneActivity[]): boolean =>
  all.some(({ type, result }) => {
    if (!START_TYPES.includes(type)) return false;
    const outcome = result as StartOutcome | undefined;
    return outcome === undefined || (outcome.kind === 'unknown' && outcome.withoutWord === true);
  });

/** Scheduled ones count too: an undo that was only begun has begun. */
export async function doneActivities(
  workflowId: string,
  { events }: History,
): Promise<readonly DoneActivity[]> {
  const results = new Map<string, Recorded>();
  for (const { activityTaskCompletedEventAttributes: done } of events ?? [])
    if (done) results.set(String(done.scheduledEventId), done.result?.payloads);
  const all = await Promise.all((events ?? []).map((event) => scheduled(workflowId, event, results)));
  return all.filter((each) => each !== undefined);
}

async function scheduled(
  workflowId: string,
  event: Event,
  results: ReadonlyMap<string, Recorded>,
): Promise<DoneActivity | undefined> {
  const { activityType, activityId, input } = event.activityTaskScheduledEventAttributes ?? {};
  const type = activityType?.name;
  if (typeof type !== 'string' || type === '') return undefined;
  const own = (payloads: Recorded) => decoded(payloads, workflowId, activityId ?? '');
  return {
    type,
    at: timeOf(event),
    input: await own(input?.payloads),
    result: await own(results.get(String(event.eventId))),
  };
}

const timeOf = ({ eventTime }: Event): Date =>
  new Date(Number(eventTime?.seconds ?? 0) * 1_000 + (eventTime?.nanos ?? 0) / 1_000_000);

type Recorded = readonly Payload[] | null | undefined;

/** See `decodeHistoryPayload`. Without an activity it is the workflow's own input or result. */
export function decoded(payloads: Recorded, workflowId: string, activityId?: string): Promise<unknown> {
  const { client, info } = Context.current();
  const owner = { namespace: info.namespace, workflowId, activityId };
  return decodeHistoryPayload(client.options.loadedDataConverter, payloads, owner);
}

/** When the run began. */
export function startOf({ events }: History): Date | undefined {
  const [started] = events ?? [];
  return started === undefined ? undefined : timeOf(started);
}

/** The run of the same request that it comes from: by a reset, or by `--again`. */
export const predecessorOf = async (workflowId: string, history: History): Promise<string | undefined> =>
  baseRunOf(history) ?? (await againOf(workflowId, history));

/** A reset leaves a failed workflow task that names the run it was made of. */
const baseRunOf = ({ events }: History): string | undefined =>
  (events ?? []).map((event) => event.workflowTaskFailedEventAttributes?.baseRunId).findLast(isText);

async function againOf(workflowId: string, { events }: History): Promise<string | undefined> {
  const { input } = events?.[0]?.workflowExecutionStartedEventAttributes ?? {};
  const given = await decoded(input?.payloads, workflowId);
  return (given as { again?: { afterRunId: string } } | null | undefined)?.again?.afterRunId;
}

const isText = (text: string | null | undefined): text is string => typeof text === 'string' && text !== '';

/** What visibility is asked for the runs of one workflow id, running and closed; whoever asks adds what else it wants. */
export const runsOf = (workflowId: string): string => `WorkflowId = ${quoted(workflowId)}`;

/** A text within a query of visibility. */
export const quoted = (text: string): string => `'${text.replaceAll(/['\\]/g, '\\$&')}'`;

/** A paused run, or one of an unknown status, may go on. Only these do not. */
const CLOSED: readonly WorkflowExecutionStatusName[] = [
  'COMPLETED',
  'FAILED',
  'CANCELLED',
  'TERMINATED',
  'CONTINUED_AS_NEW',
  'TIMED_OUT',
];

/** Whether this very run goes no further. The one that it went on as may. */
export const isClosed = ({
  status,
}: {
  readonly status: { readonly name: WorkflowExecutionStatusName };
}): boolean => CLOSED.includes(status.name);

/** A workflow as the server describes it now (not visibility, which lags). Undefined when it knows none of that id. */
export async function describeRun(
  workflowId: string,
  runId?: string,
): Promise<WorkflowExecutionDescription | undefined> {
  try {
    return await Context.current().client.workflow.getHandle(workflowId, runId).describe();
  } catch (error) {
    if (isRunGone(error)) return undefined;
    throw error;
  }
}

/** What runs under the id of a lock. Undefined when the lock is free. */
export async function runningLock(lockId: string): Promise<HeldLock | ForeignLock | undefined> {
  const lock = await describeRun(lockId);
  if (lock === undefined || isClosed(lock)) return undefined;
  const { runId: lockRunId, type } = lock;
  const { workflowId: holderId, runId: holderRunId } = lock.parentExecution ?? {};
  // Where the memo does not decode, the run that took the lock leads to the holder, too.
  const originalRunId: unknown = lock.memo?.[MEMO.holder] ?? holderRunId;
  if (type !== LOCK_WORKFLOW || !holderId || typeof originalRunId !== 'string')
    return { kind: 'foreign', lockRunId, type };
  return { kind: 'held', lockRunId, holderId, originalRunId };
}

/** A lock and its request. */
export interface HeldLock {
  readonly kind: 'held';
  readonly lockRunId: string;
  /** Workflow id of the request. */
  readonly holderId: string;
  /** Its `originalExecutionRunId`: the same for a run and those that resets made of it. */
  readonly originalRunId: string;
}

/** A workflow that no request started as its lock. It is never ended by us. */
export interface ForeignLock {
  readonly kind: 'foreign';
  readonly lockRunId: string;
  /** Its workflow type. */
  readonly type: string;
}
