import type { WorkflowExecutionInfo } from '@temporalio/client';
import { omitUndefined } from '../../src/contract/omit-undefined';
import { historyJson, type HistoryJson } from './history-json';
import type { RecordedRun } from './replayer';
import type { RoundEnvironment } from './round-environment';
import { until } from '../../test/environment/eventually';

/** Visibility lags behind by a second or so. */
const VISIBLE_WITHIN_MS = 10_000;

export interface CollectedRun extends RecordedRun {
  readonly status: string;
}

/** Every run of the round's task queue, locks included, with its history. */
export async function collectRuns(round: RoundEnvironment): Promise<readonly CollectedRun[]> {
  const { evidence } = round;
  const runs = await listRuns(round);
  const entries: Record<string, unknown>[] = [];
  for (const run of runs) {
    const handle = round.temporal.workflow.getHandle(run.workflowId, run.runId);
    const described = await handle.describe();
    const json = historyJson(await handle.fetchHistory());
    evidence.write(`histories/${encodeURIComponent(run.workflowId)}.${run.runId}.json`, json);
    entries.push({
      workflowId: run.workflowId,
      runId: run.runId,
      type: described.type,
      status: described.status.name,
      startedAt: described.startTime.toISOString(),
      ...omitUndefined({ closedAt: described.closeTime?.toISOString() }),
      memo: described.memo ?? {},
      searchAttributes: described.searchAttributes,
      ...endOf(json),
    });
  }
  evidence.write('runs.json', entries);
  return runs.map(({ workflowId, runId, status }) => ({ workflowId, runId, status: status.name }));
}

/** Until every request that is known by its id shows in the list, and as the server says that it stands. */
async function listRuns(round: RoundEnvironment): Promise<readonly WorkflowExecutionInfo[]> {
  let runs: WorkflowExecutionInfo[] = [];
  await until(VISIBLE_WITHIN_MS, async () => {
    runs = [];
    const query = `TaskQueue = '${round.taskQueue}'`;
    for await (const run of round.temporal.workflow.list({ query })) runs.push(run);
    const wanted = await Promise.all(round.plan.requests.map(({ requestId }) => exists(round, requestId)));
    const listed = new Set(runs.map(({ workflowId }) => workflowId));
    const complete = wanted.every((workflowId) => workflowId === undefined || listed.has(workflowId));
    return complete && (await runs.reduce(async (all, run) => (await all) && isCurrent(round, run), yes()));
  });
  return runs;
}

const yes = (): Promise<boolean> => Promise.resolve(true);

async function isCurrent(round: RoundEnvironment, run: WorkflowExecutionInfo): Promise<boolean> {
  const handle = round.temporal.workflow.getHandle(run.workflowId, run.runId);
  return (await handle.describe()).status.name === run.status.name;
}

async function exists(round: RoundEnvironment, requestId: string): Promise<string | undefined> {
  const workflowId = round.workflowId(requestId);
  const found = await round.temporal.workflow
    .getHandle(workflowId)
    .describe()
    .catch(() => undefined);
  return found?.workflowId;
}

interface Payloads {
  readonly payloads?: readonly { readonly data?: string }[];
}

/** Result or failure of the last event, payloads decoded. */
function endOf({ events = [] }: HistoryJson): { readonly result?: unknown; readonly failure?: unknown } {
  const last = events.at(-1) ?? {};
  for (const [key, value] of Object.entries(last)) {
    if (!key.endsWith('EventAttributes')) continue;
    const { result, failure } = value as { result?: Payloads; failure?: unknown };
    if (result !== undefined && result !== null) return { result: decoded(result)[0] };
    if (failure !== undefined && failure !== null) return { failure: decodedFailure(failure) };
  }
  return {};
}

const decoded = ({ payloads = [] }: Payloads): readonly unknown[] =>
  payloads.map(({ data = '' }) => {
    const text = Buffer.from(data, 'base64').toString('utf8');
    return text === '' ? null : (JSON.parse(text) as unknown);
  });

/** What the failure is about: where an activity failed, that is its cause. With `type` beside the message. */
function decodedFailure(failure: unknown): unknown {
  const { message, cause, applicationFailureInfo, ...rest } = failure as Record<string, unknown>;
  const info = applicationFailureInfo as { type?: string; details?: Payloads } | undefined;
  const isTold = info?.type !== undefined || cause === undefined || cause === null;
  if (!isTold) return decodedFailure(cause);
  return {
    message,
    ...omitUndefined({ type: info?.type }),
    ...(info?.details === undefined || info.details === null ? {} : { details: decoded(info.details) }),
    ...('canceledFailureInfo' in rest ? { type: 'Cancelled' } : {}),
  };
}

/** What a plan leaves open must not go on behind the next rounds. */
export async function endOpenRuns(round: RoundEnvironment, runs: readonly RecordedRun[]): Promise<void> {
  const { workflow } = round.temporal;
  // Most have ended, with their holder or long ago.
  const end = ({ workflowId, runId }: RecordedRun) =>
    workflow
      .getHandle(workflowId, runId)
      .terminate('the round is over')
      .catch(() => undefined);
  await Promise.all(runs.map(end));
}
