import { Context } from '@temporalio/activity';
import { defaultPayloadConverter } from '@temporalio/common';
import type { PreparedLinkedClone, Recollection } from '../contract/activities';
import type { StartOutcome, TaskEnd } from '../contract/evidence';
import { ownRunId } from './in-activity';

/** Each reset or `--again` adds one run; more than this nobody makes of one request. */
const MOST_RUNS = 20;

type History = Awaited<ReturnType<ReturnType<typeof handleOf>['fetchHistory']>>;
type Event = NonNullable<History['events']>[number];

/**
 * Reads the histories of this request's earlier runs (E11): from a reset's base run to its base and so on, or from the
 * run that `--again` names. Their start results prove tasks ours, their first `prepare` is the true baseline.
 */
export async function recallEarlierRuns(): Promise<Recollection> {
  const runs: History[] = [];
  for (let next: string | undefined = ownRunId(); next !== undefined && runs.length < MOST_RUNS;) {
    const history: History = await handleOf(next).fetchHistory();
    runs.unshift(history);
    next = baseRunOf(history) ?? againOf(history);
  }
  return recollect(runs.flatMap((run) => completedActivities(run)));
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

interface DoneActivity {
  readonly type: string;
  /** Undefined when it ended without a value. */
  readonly result: unknown;
}

/** Scheduled ones count too: an undo that was only begun has begun. */
function completedActivities({ events }: History): readonly DoneActivity[] {
  const results = new Map<string, unknown>();
  for (const event of events ?? []) {
    const done = event.activityTaskCompletedEventAttributes;
    const payload = done?.result?.payloads?.[0];
    if (done && payload)
      results.set(String(done.scheduledEventId), defaultPayloadConverter.fromPayload(payload));
  }
  return (events ?? []).flatMap((event) => scheduled(event, results));
}

function scheduled(event: Event, results: ReadonlyMap<string, unknown>): readonly DoneActivity[] {
  const type = event.activityTaskScheduledEventAttributes?.activityType?.name;
  return isText(type) ? [{ type, result: results.get(String(event.eventId)) }] : [];
}

function recollect(done: readonly DoneActivity[]): Recollection {
  const resultsOf = (type: string): readonly unknown[] =>
    done.filter((each) => each.type === type && each.result !== undefined).map(({ result }) => result);
  const outcomes = resultsOf('startLinkedClone') as readonly StartOutcome[];
  const [first] = resultsOf('prepareLinkedClone') as readonly PreparedLinkedClone[];
  const taskIds = outcomes.flatMap((outcome) => (outcome.kind === 'started' ? [outcome.taskId] : []));
  return {
    taskIds: [...new Set(taskIds)],
    ends: resultsOf('awaitTask') as readonly TaskEnd[],
    ...(first === undefined ? {} : { baseline: first.baseline }),
    undoBegun: done.some(({ type }) => type === 'deleteClone'),
  };
}

const isText = (text: string | null | undefined): text is string => typeof text === 'string' && text !== '';
