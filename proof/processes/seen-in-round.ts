import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from '../judge/evidence/plan';
import type { SOMETIMES } from './round-result';

interface Event {
  readonly eventType?: string;
  readonly activityTaskScheduledEventAttributes?: {
    readonly activityType?: { readonly name?: string };
    readonly input?: Payloads;
  };
  readonly activityTaskCompletedEventAttributes?: {
    readonly scheduledEventId?: string;
    readonly result?: Payloads;
  };
  readonly eventId?: string;
}

interface Payloads {
  readonly payloads?: readonly { readonly data?: string }[];
}

type Sometimes = (typeof SOMETIMES)[number];

export interface SeenInRound {
  readonly sometimes: readonly Sometimes[];
  readonly outcome: string;
}

/** Which of the interesting turns a round took, by its histories, ledger and callers. */
export function seenInRound(folder: string): SeenInRound {
  const histories = readdirSync(join(folder, 'histories')).map(
    (name) => (json(folder, `histories/${name}`) as { events?: readonly Event[] }).events ?? [],
  );
  const outcome = outcomeOf(folder);
  const seen: readonly (Sometimes | false)[] = [
    histories.some((events) => isAdopted(events)) && outcome === 'COMPLETED' && 'adopted',
    histories.some(looksAfterUnknown) && 'waited for visibility',
    histories.some((events) => startsOf(events).length > 1) && outcome === 'COMPLETED' && 'posted again',
    outcome === 'CANCELLED' && isUndone(folder) && 'undone',
    isAskedTwice(folder) && 'attached',
    lines(folder, 'progress.jsonl').some(({ state }) => state === 'needs-decision') && 'needs-decision',
  ];
  return { sometimes: seen.filter((each) => each !== false), outcome };
}

const json = (folder: string, name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));

const lines = (folder: string, name: string): readonly Readonly<Record<string, unknown>>[] =>
  readFileSync(join(folder, name), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

const text = (payloads: Payloads | undefined): string =>
  (payloads?.payloads ?? []).map(({ data = '' }) => Buffer.from(data, 'base64').toString('utf8')).join('\n');

function isAskedTwice(folder: string): boolean {
  const asked = lines(folder, 'callers.jsonl').map(({ requestId }) => requestId);
  return new Set(asked).size < asked.length;
}

const startsOf = (events: readonly Event[]): readonly Event[] =>
  events.filter(({ activityTaskScheduledEventAttributes: scheduled }) =>
    ['startLinkedClone', 'startRevert'].includes(scheduled?.activityType?.name ?? ''),
  );

/** A start was made, and none of its answers said what it started. */
function isAdopted(events: readonly Event[]): boolean {
  const starts = new Set(startsOf(events).map(({ eventId }) => eventId));
  const answers = events.filter(({ activityTaskCompletedEventAttributes: completed }) =>
    starts.has(completed?.scheduledEventId),
  );
  const isTold = answers.some(({ activityTaskCompletedEventAttributes: completed }) =>
    text(completed?.result).includes('"started"'),
  );
  return starts.size > 0 && !isTold;
}

const looksAfterUnknown = (events: readonly Event[]): boolean =>
  events.some(
    ({ activityTaskScheduledEventAttributes: scheduled }) =>
      scheduled?.activityType?.name === 'lookForEffect' && text(scheduled.input).includes('"after-unknown"'),
  );

function isUndone(folder: string): boolean {
  const kinds = (json(folder, 'ledger.json') as readonly { kind: string }[]).map(({ kind }) => kind);
  return kinds.includes('delete') || kinds.filter((kind) => kind === 'revert').length > 1;
}

interface Run {
  readonly workflowId: string;
  readonly type: string;
  readonly status: string;
  readonly startedAt: string;
  readonly failure?: { readonly type?: string };
}

function outcomeOf(folder: string): string {
  const runs = json(folder, 'runs.json') as readonly Run[];
  const { requests } = json(folder, 'plan.json') as Pick<Plan, 'requests'>;
  const [first] = requests;
  const workflowId = `snapflow:${first?.connection}:${first?.requestId}`;
  // Listed newest first, and a reset or a repetition has made more than one.
  const last = runs
    .filter((run) => run.workflowId === workflowId)
    .toSorted((one, other) => Date.parse(one.startedAt) - Date.parse(other.startedAt))
    .at(-1);
  if (last === undefined) return 'none';
  return last.failure?.type === undefined || last.status === 'CANCELLED' ? last.status : last.failure.type;
}
