import type { Client } from '@temporalio/client';
import { defaultDataConverter, defaultPayloadConverter } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { notFound } from '../../../proof/simulation/temporal/not-found';
import { rawRun } from '../../../proof/simulation/temporal/raw-run';

/** A run as the server knows it. */
export interface FakeRun {
  readonly workflowId: string;
  readonly runId: string;
  readonly startedAtMs?: number;
  /** Absent: it is open. */
  readonly closedAtMs?: number;
  /** How it closed. Default: it completed. */
  readonly wasTerminated?: true;
  readonly parent?: { readonly workflowId: string; readonly runId: string };
  /** Visibility lists it, and its history is not kept any more. */
  readonly isForgotten?: boolean;
  readonly afterRunId?: string;
  /** It is a clone of this own name. */
  readonly ownName?: string;
  /** Its search attribute `SnapflowName`. */
  readonly attribute?: string;
  readonly did?: readonly { readonly type: string; readonly input?: unknown; readonly result?: unknown }[];
}

const payloads = (value: unknown) => ({
  payloads: value === undefined ? [] : [defaultPayloadConverter.toPayload(value)],
});
const timeOf = (ms: number) => ({ seconds: Math.floor(ms / 1_000), nanos: (ms % 1_000) * 1_000_000 });

function historyOf({ did = [], startedAtMs = 0, afterRunId }: FakeRun): object {
  const input = payloads(afterRunId === undefined ? {} : { again: { afterRunId } });
  const start = {
    eventTime: timeOf(startedAtMs),
    workflowExecutionStartedEventAttributes: { input },
  };
  const steps = did.flatMap(({ type, input: given, result }, index) => [
    {
      eventId: index + 1,
      activityTaskScheduledEventAttributes: { activityType: { name: type }, input: payloads(given) },
    },
    ...(result === undefined
      ? []
      : [
          { activityTaskCompletedEventAttributes: { scheduledEventId: index + 1, result: payloads(result) } },
        ]),
  ]);
  return { events: [start, ...steps] };
}

function listed(runs: readonly FakeRun[], query: string) {
  if (query.startsWith("WorkflowType = 'linkedCloneVm'")) return runs.filter(inQuery(query)).map(asListed);
  const [, workflowId, closedAfter] = /^WorkflowId = '(.+?)'(?: AND CloseTime > '(.+)')?$/.exec(query) ?? [];
  return runs
    .filter((each) => each.workflowId === workflowId)
    .filter(({ closedAtMs }) => closedAfter === undefined || Number(closedAtMs) > Date.parse(closedAfter))
    .map(asListed);
}

const asListed = ({ startedAtMs = 0, closedAtMs, ownName, ...run }: FakeRun) =>
  rawRun({
    ...run,
    startMs: startedAtMs,
    closeMs: closedAtMs,
    memo: ownName === undefined ? {} : { snapflowName: ownName },
  });

const inQuery =
  (query: string) =>
  ({ ownName, attribute }: FakeRun): boolean => {
    if (ownName === undefined) return false;
    if (!query.includes('SnapflowName')) return true;
    return attribute === undefined
      ? query.includes('SnapflowName IS NULL')
      : query.includes(`'${attribute}'`);
  };

/** Runs an activity of the workflow `own` beside these runs, newest first. */
export function beside(
  runs: readonly FakeRun[],
  own = 'snapflow:main:own',
  { hasAttributes = true }: { readonly hasAttributes?: boolean } = {},
): MockActivityEnvironment {
  const find = (
    call: 'describe' | 'fetchHistory',
    workflowId: string,
    runId: string | undefined,
  ): FakeRun => {
    const run = runs.find(
      (each) => each.workflowId === workflowId && [undefined, each.runId].includes(runId),
    );
    if (run === undefined || run.isForgotten === true) throw notFound(call, workflowId, runId);
    return run;
  };
  const workflow = {
    getHandle: (workflowId: string, runId?: string) => ({
      describe: async () => {
        const run = find('describe', workflowId, runId);
        return { ...run, status: { name: run.wasTerminated === true ? 'TERMINATED' : 'COMPLETED' }, raw: {} };
      },
      fetchHistory: async () => historyOf(find('fetchHistory', workflowId, runId)),
    }),
  };
  const workflowService = {
    listWorkflowExecutions: async ({ query }: { readonly query: string }) => {
      if (!hasAttributes && query.includes('SnapflowName'))
        throw Object.assign(new Error('3 INVALID_ARGUMENT: invalid search attribute'), { code: 3 });
      return { executions: listed(runs, query) };
    },
  };
  const options = { namespace: 'default', loadedDataConverter: defaultDataConverter };
  const client = {
    options,
    workflow,
    workflowService,
    withAbortSignal: (_signal: AbortSignal, call: () => unknown) => call(),
  };
  const info = { workflowExecution: { workflowId: own, runId: 'own-run' } };
  return new MockActivityEnvironment(info, { client: client as unknown as Client });
}

/** Another request, its lock, and what it did. */
export function otherRequest(lockId: string, run: Partial<FakeRun> = {}): readonly FakeRun[] {
  const of = { workflowId: 'snapflow:main:other', runId: 'other-run' };
  const { closedAtMs } = run;
  const closed = closedAtMs === undefined ? {} : { closedAtMs };
  return [
    { ...of, ...run },
    { workflowId: lockId, runId: `lock-of-${of.runId}`, parent: of, ...closed },
  ];
}
