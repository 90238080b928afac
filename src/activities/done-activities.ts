import type { WorkflowHandle } from '@temporalio/client';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';

export type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;
type Event = NonNullable<History['events']>[number];

/** An activity as a history recorded it. */
export interface DoneActivity {
  readonly type: string;
  /** When it was scheduled. */
  readonly at: Date;
  readonly input: unknown;
  /** Undefined when it ended without a value. */
  readonly result: unknown;
}

/** Scheduled ones count too: an undo that was only begun has begun. */
export function doneActivities({ events }: History): readonly DoneActivity[] {
  const results = new Map<string, unknown>();
  for (const event of events ?? []) {
    const done = event.activityTaskCompletedEventAttributes;
    if (done) results.set(String(done.scheduledEventId), decoded(done.result?.payloads));
  }
  return (events ?? []).flatMap((event) => scheduled(event, results));
}

function scheduled(event: Event, results: ReadonlyMap<string, unknown>): readonly DoneActivity[] {
  const { activityType, input } = event.activityTaskScheduledEventAttributes ?? {};
  const type = activityType?.name;
  return typeof type === 'string' && type !== ''
    ? [
        {
          type,
          at: timeOf(event),
          input: decoded(input?.payloads),
          result: results.get(String(event.eventId)),
        },
      ]
    : [];
}

export const timeOf = ({ eventTime }: Event): Date =>
  new Date(Number(eventTime?.seconds ?? 0) * 1_000 + (eventTime?.nanos ?? 0) / 1_000_000);

export const decoded = (payloads: readonly Payload[] | null | undefined): unknown => {
  const [payload] = payloads ?? [];
  return payload === undefined ? undefined : defaultPayloadConverter.fromPayload(payload);
};
