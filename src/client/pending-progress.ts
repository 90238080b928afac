import type { WorkflowExecutionDescription } from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow';
import { PHASES, type Condition, type Progress } from '../contract/progress';
import { activityPhase } from './activity-phase';
import type { TemporalLink } from './temporal-link';

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
  return { ...(phase === undefined ? {} : { phase }), ...knownFields(beat) };
};

const heartbeatOf = async (
  { client, namespace }: TemporalLink,
  workflowId: string,
  { heartbeatDetails }: Pending,
): Promise<Readonly<Record<string, unknown>>> => {
  const converter = client.workflow.options.loadedDataConverter;
  const context = { type: 'workflow', namespace, workflowId } as const;
  const [details] = await decodeArrayFromPayloads(converter, heartbeatDetails?.payloads, context);
  return typeof details === 'object' && details !== null ? (details as Record<string, unknown>) : {};
};

const CONDITIONS: readonly unknown[] = [
  'queued',
  'overdue',
  'blocked',
  'compensating',
  'needs-decision',
] satisfies Condition[];

const knownFields = (beat: Readonly<Record<string, unknown>>): Partial<Progress> => ({
  ...(PHASES.some((phase) => phase === beat['phase']) ? { phase: beat['phase'] as Progress['phase'] } : {}),
  ...(typeof beat['percent'] === 'number' && Number.isFinite(beat['percent'])
    ? { percent: Math.min(100, Math.max(0, Math.round(beat['percent']))) }
    : {}),
  ...textField(beat, 'status'),
  ...textField(beat, 'message'),
  ...textField(beat, 'taskId'),
  ...(CONDITIONS.includes(beat['condition']) ? { condition: beat['condition'] as Condition } : {}),
});

const textField = (beat: Readonly<Record<string, unknown>>, field: 'status' | 'message' | 'taskId') =>
  typeof beat[field] === 'string' && beat[field] !== '' ? { [field]: beat[field] } : {};
