import { defaultDataConverter, defaultPayloadConverter } from '@temporalio/common';
import type { Chance } from '../chance';
import type { Owner, VirtualTime } from '../virtual-time';
import type { Execution } from './execution';
import { notFound, type RunCall } from './not-found';
import { rawRun } from './raw-run';
import type { TemporalServer } from './server';

interface Line {
  readonly time: VirtualTime;
  readonly chance: Chance;
  readonly server: TemporalServer;
  /** Whether the answer of this request is lost, and the caller told so. */
  readonly isLost: () => boolean;
}

/** What an activity's `Context.client` can do here: the few calls that the product's activities make. */
export function activityClient(line: Line, worker: Owner): object {
  const ask = <T>(read: (server: TemporalServer) => T): Promise<T> => asked(line, worker, read);
  return {
    options: { namespace: 'default', loadedDataConverter: defaultDataConverter },
    workflow: {
      getHandle: (workflowId: string, runId?: string) => ({
        describe: () => ask((server) => describe(found(server, 'describe', workflowId, runId))),
        fetchHistory: () => ask((server) => historyOf(found(server, 'fetchHistory', workflowId, runId))),
        terminate: () =>
          ask((server) => {
            const run = found(server, 'terminate', workflowId, runId);
            if (run.status !== 'RUNNING') throw notFound('terminate', workflowId, runId);
            server.terminate(run);
          }),
      }),
    },
    workflowService: {
      listWorkflowExecutions: async ({ query }: { readonly query: string }) => ({
        executions: (await ask((server) => matching(server, query))).map(rawRun),
      }),
    },
  };
}

/** A request and its answer are two messages; each may be long on its way. */
function asked<T>(
  { time, chance, server, isLost }: Line,
  worker: Owner,
  read: (server: TemporalServer) => T,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const answer = (settle: () => void) => time.after(chance.latencyMs(), '', settle, worker);
    const serve = () => {
      try {
        const value = read(server);
        if (isLost()) answer(() => reject(new Error('UNAVAILABLE: the connection broke')));
        else answer(() => resolve(value));
      } catch (error) {
        answer(() => reject(error));
      }
    };
    time.after(chance.latencyMs(), '', serve, server.owner);
  });
}

function found(server: TemporalServer, call: RunCall, workflowId: string, runId?: string): Execution {
  const run = server.find(workflowId, runId);
  if (run === undefined) throw notFound(call, workflowId, runId);
  return run;
}

const describe = ({ runId, type, status, memo, parent, resetRunId, activities }: Execution) => ({
  runId,
  type,
  status: { name: status },
  memo: structuredClone(memo),
  parentExecution: parent,
  raw: {
    workflowExtendedInfo: { resetRunId: resetRunId ?? '' },
    pendingActivities: [...activities.values()].map(({ seq, attempt }) => ({
      activityId: String(seq),
      attempt,
      paused: false,
    })),
  },
});

/** No run here has search attributes, so none is left out by one. */
const OF_TYPE = /^WorkflowType = '([^']+)' AND \(SnapflowName IN \(.+\) OR SnapflowName IS NULL\)$/;
const QUERY = /^WorkflowId = '(.+?)'(?: AND (CloseTime|StartTime) > '(.+)')?$/;

function matching({ executions }: TemporalServer, query: string): readonly Execution[] {
  const [, type] = OF_TYPE.exec(query) ?? [];
  if (type !== undefined) return executions.filter((each) => each.type === type).toReversed();
  const [, workflowId, what, since] = QUERY.exec(query) ?? [];
  if (workflowId === undefined) throw new Error(`the query is not understood: ${query}`);
  const sinceMs = since === undefined ? -Infinity : Date.parse(since);
  const momentOf = ({ startMs, closeMs }: Execution) => (what === 'CloseTime' ? (closeMs ?? -1) : startMs);
  return executions.filter((each) => each.workflowId === workflowId && momentOf(each) > sinceMs).toReversed();
}

/** The events that the product reads from a history. */
function historyOf({ input, startMs, history }: Execution): object {
  const payloads = (value: unknown) => ({
    payloads: value === undefined ? [] : [defaultPayloadConverter.toPayload(value)],
  });
  const timeOf = (atMs: number) => ({ seconds: Math.floor(atMs / 1_000), nanos: (atMs % 1_000) * 1_000_000 });
  const first = {
    eventId: 0,
    eventTime: timeOf(startMs),
    workflowExecutionStartedEventAttributes: { input: payloads(input) },
  };
  const events = history.map((entry) => {
    if (entry.kind === 'reset')
      return { eventId: -1, workflowTaskFailedEventAttributes: { baseRunId: entry.baseRunId } };
    if (entry.kind === 'completed')
      return {
        eventId: -1,
        activityTaskCompletedEventAttributes: { scheduledEventId: entry.seq, result: payloads(entry.result) },
      };
    return {
      eventId: entry.seq,
      eventTime: timeOf(entry.atMs),
      activityTaskScheduledEventAttributes: {
        activityType: { name: entry.type },
        input: payloads(entry.input),
      },
    };
  });
  return { events: [first, ...events] };
}
