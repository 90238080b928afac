import type { WorkflowExecutionDescription } from '@temporalio/client';
import { defaultDataConverter } from '@temporalio/common';
import { readPending } from '../../../src/client/pending';
import { CallsInFlight, type TemporalLink } from '../../../src/client/temporal-calls';

const NOW_S = 1_800_000_000;
beforeEach(() => jest.useFakeTimers({ now: NOW_S * 1_000 }));
afterEach(() => jest.useRealTimers());

/** What is told of a run whose start has this state, and of which queue the server was asked. */
async function told(activity: object, stats: () => object = () => ({ approximateBacklogCount: '12' })) {
  const asked: unknown[] = [];
  const describeTaskQueue = async (request: { taskQueue: { name: string } }) => {
    asked.push(request.taskQueue.name);
    return { stats: stats() };
  };
  const client = {
    workflow: { options: { loadedDataConverter: defaultDataConverter } },
    workflowService: { describeTaskQueue },
    connection: {
      withDeadline: (_until: number, call: () => unknown) => call(),
      withAbortSignal: (_signal: AbortSignal, call: () => unknown) => call(),
    },
  };
  const link = { namespace: 'default', client, calls: new CallsInFlight() } as unknown as TemporalLink;
  const pending = {
    activityId: '7',
    activityType: { name: 'startLinkedClone' },
    state: 1,
    scheduledTime: { seconds: NOW_S - 10 },
    ...activity,
  };
  const memo = { snapflowRequest: { connection: 'east' } };
  const run = { workflowId: 'w', taskQueue: 'snapflow', memo, raw: { pendingActivities: [pending] } };
  return { asked, ...(await readPending(link, run as unknown as WorkflowExecutionDescription)) };
}

test('a start that no worker has taken is queued, and says how many wait at its connection', async () => {
  expect(await told({})).toEqual({
    asked: ['snapflow-clones-east'],
    progress: {
      phase: 'start',
      condition: 'queued',
      message: 'it waits for a place at east: 12 clones wait there',
    },
  });
});

test('a revert waits among reverts', async () => {
  const { asked, progress } = await told({ activityType: { name: 'startRevert' } });
  expect(asked).toEqual(['snapflow-reverts-east']);
  expect(progress.message).toBe('it waits for a place at east: 12 reverts wait there');
});

test('where the server does not tell how many, it is queued all the same', async () => {
  const { progress } = await told({}, () => {
    throw new Error('denied');
  });
  expect(progress).toMatchObject({ condition: 'queued', message: 'it waits for a place at east' });
});

test.each([
  ['that a worker has taken', { state: 2 }],
  ['of a moment ago', { scheduledTime: { seconds: NOW_S - 1 } }],
])('a start %s is not queued', async (_what, activity) => {
  expect(await told(activity)).toEqual({ asked: [], progress: { phase: 'start' } });
});

test('a check that waits is not queued: its place comes within seconds', async () => {
  expect((await told({ activityType: { name: 'prepareLinkedClone' } })).progress).toEqual({
    phase: 'prepare',
  });
});
