import type { WorkflowExecutionDescription } from '@temporalio/client';
import type { Activities } from '../contract/activities';
import { decodeHistoryPayload } from '../contract/history-payload';
import { omitUndefined } from '../contract/omit-undefined';
import { PHASES, isCondition, type Phase, type Progress } from '../contract/progress';
import { singleLine } from '../contract/text';
import { queuedStart } from './queued-start';
import type { TemporalLink } from './temporal-calls';

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

type PendingActivity = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];

/** What the pending activities of a run tell. */
export interface Pending {
  /** Where it is. */
  readonly progress: Partial<Progress>;
  /** Why the last attempt of a step failed that is tried again, one line. Absent once an attempt heartbeats. */
  readonly failure?: string;
}

/**
 * Progress as the pending activities tell it: heartbeat details where there are any, else the phase by the activity's
 * type. Reading it costs no event, unlike a query. Details that are not ours are ignored, never trusted.
 */
export async function readPending(link: TemporalLink, run: WorkflowExecutionDescription): Promise<Pending> {
  const activities = run.raw.pendingActivities ?? [];
  const all = await Promise.all(activities.map((activity) => pendingOf(link, run, activity)));
  const failure = all.findLast((one) => one.failure !== undefined)?.failure;
  const { progress = {} } = all.findLast((one) => one.progress.phase !== undefined) ?? {};
  return { progress, ...omitUndefined({ failure }) };
}

async function pendingOf(
  link: TemporalLink,
  run: WorkflowExecutionDescription,
  activity: PendingActivity,
): Promise<Pending> {
  const queued = await queuedStart(link, run, activity);
  if (queued !== undefined) return { progress: queued };
  const { workflowId } = run;
  const phase = activityPhase(activity.activityType?.name ?? '');
  const { loadedDataConverter } = link.client.workflow.options;
  const owner = { namespace: link.namespace, workflowId, activityId: activity.activityId ?? '' };
  const read = (payloads: Payloads): Promise<unknown> =>
    decodeHistoryPayload(loadedDataConverter, payloads, owner);
  const beat = fieldsOf(await read(activity.heartbeatDetails?.payloads));
  const failure = await failureOf(activity, read);
  return { progress: { ...omitUndefined({ phase }), ...knownFields(beat) }, ...omitUndefined({ failure }) };
}

type Payloads = NonNullable<PendingActivity['heartbeatDetails']>['payloads'];

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

async function failureOf(
  { lastFailure, lastHeartbeatTime, lastStartedTime }: PendingActivity,
  read: (payloads: Payloads) => Promise<unknown>,
): Promise<string | undefined> {
  const isAlive = momentOf(lastHeartbeatTime) > momentOf(lastStartedTime);
  if (lastFailure === null || lastFailure === undefined || isAlive) return undefined;
  if (lastFailure.timeoutFailureInfo) return TIMED_OUT;
  const { encodedAttributes } = lastFailure;
  // A failure converter may encode messages: the plain one then says only that it did.
  const decoded = encodedAttributes ? fieldsOf(await read([encodedAttributes])) : {};
  const message = decoded['message'] ?? lastFailure.message;
  return typeof message === 'string' && message !== '' ? singleLine(message) : undefined;
}

/** Temporal's own words name the kind of time-out and no reason. */
const TIMED_OUT = 'its step gave no sign of life, as when a worker dies: it is tried again';

const momentOf = (time: PendingActivity['lastHeartbeatTime']): number =>
  Number(time?.seconds ?? 0) * 1_000 + (time?.nanos ?? 0) / 1_000_000;

const knownFields = (beat: Readonly<Record<string, unknown>>): Partial<Progress> => ({
  ...(PHASES.some((phase) => phase === beat['phase']) ? { phase: beat['phase'] as Progress['phase'] } : {}),
  ...(typeof beat['percent'] === 'number' && Number.isFinite(beat['percent'])
    ? { percent: Math.min(100, Math.max(0, Math.round(beat['percent']))) }
    : {}),
  ...textField(beat, 'status'),
  ...textField(beat, 'message'),
  ...textField(beat, 'taskId'),
  ...textField(beat, 'heldBy'),
  ...(isCondition(beat['condition']) ? { condition: beat['condition'] } : {}),
});

const textField = (
  beat: Readonly<Record<string, unknown>>,
  field: 'status' | 'message' | 'taskId' | 'heldBy',
) => (typeof beat[field] === 'string' && beat[field] !== '' ? { [field]: beat[field] } : {});
