import { Context } from '@temporalio/activity';
import { defaultPayloadConverter, WorkflowNotFoundError } from '@temporalio/common';
import { doneActivities, timeOf, type DoneActivity, type History } from './done-activities';
import { ownRunId } from './in-activity';
import { runsOf } from './runs-of';

/** Each reset or `--again` adds one run; more than this nobody makes of one request. */
const MOST_RUNS = 20;

/** What one run did. */
export type RunActivities = readonly DoneActivity[];

export interface RunsOfRequest {
  /** This run and those that it comes from, by resets and `--again`, oldest first. */
  readonly runs: readonly RunActivities[];
  /** Runs beside them: who resets a run that is not the newest has the newest ended, whatever that one has posted. */
  readonly beside: readonly RunActivities[];
  /** A run that is reset without end, or that the server has forgotten. */
  readonly isIncomplete: boolean;
}

/** What the request's runs did, as their histories recorded it. */
export async function runsOfRequest(): Promise<RunsOfRequest> {
  const runs: RunActivities[] = [];
  const read = new Set<string>();
  let oldest: Date | undefined;
  let next: string | undefined = ownRunId();
  while (next !== undefined && runs.length < MOST_RUNS) {
    const history = await historyOf(next);
    if (history === undefined) break;
    read.add(next);
    runs.unshift(doneActivities(history));
    oldest = startOf(history);
    next = baseRunOf(history) ?? againOf(history);
  }
  const others = await runsBeside(read, oldest);
  return { runs, beside: others.runs, isIncomplete: next !== undefined || others.isIncomplete };
}

/** By visibility, which may lag by a second: a run that has posted is older than that when another one recalls. */
async function runsBeside(
  read: ReadonlySet<string>,
  since: Date | undefined,
): Promise<Pick<RunsOfRequest, 'runs' | 'isIncomplete'>> {
  const { client, info } = Context.current();
  const query = runsOf(info.workflowExecution?.workflowId ?? '');
  const runs: RunActivities[] = [];
  for await (const { runId, startTime } of client.workflow.list({ query })) {
    if (read.has(runId) || (since !== undefined && startTime < since)) continue;
    const history = runs.length < MOST_RUNS ? await historyOf(runId) : undefined;
    if (history === undefined) return { runs, isIncomplete: true };
    runs.push(doneActivities(history));
  }
  return { runs, isIncomplete: false };
}

const startOf = ({ events }: History): Date | undefined => {
  const [started] = events ?? [];
  return started === undefined ? undefined : timeOf(started);
};

/** Undefined when the server has forgotten the run: its retention has passed. */
async function historyOf(runId: string): Promise<History | undefined> {
  try {
    return await handleOf(runId).fetchHistory();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
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

const isText = (text: string | null | undefined): text is string => typeof text === 'string' && text !== '';
