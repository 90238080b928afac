import { MockActivityEnvironment } from '@temporalio/testing';
import type { Client } from '@temporalio/client';
import { openPostWindow, unknownWithoutPosting, type PostWindow } from '../../../src/activities/start-once';
import { omitUndefined } from '../../../src/contract/omit-undefined';

const RUN = { workflowId: 'clone-1', runId: 'run-2' };
const START_TO_CLOSE_MS = 10_000;

type Info = ConstructorParameters<typeof MockActivityEnvironment>[0];

const pendingIs = (pending: object): Client =>
  ({
    withAbortSignal: (_signal: AbortSignal, body: () => unknown) => body(),
    workflow: { getHandle: () => ({ describe: async () => ({ raw: { pendingActivities: [pending] } }) }) },
  }) as unknown as Client;

function attempt(pending: object = {}, info: Info = {}) {
  const here = { activityId: '7', attempt: 1, paused: false };
  return new MockActivityEnvironment(
    { ...here, workflowExecution: RUN, ...info },
    { client: pendingIs({ ...here, ...pending }) },
  );
}

describe('the window of a post', () => {
  const now = { monotonicMs: 1_000, wallMs: 5_000_000 };
  beforeEach(() => {
    jest.spyOn(performance, 'now').mockImplementation(() => now.monotonicMs);
    jest.spyOn(Date, 'now').mockImplementation(() => now.wallMs);
  });
  afterEach(() => jest.restoreAllMocks());

  const open = () =>
    attempt().run<[number], PostWindow, typeof openPostWindow>(openPostWindow, START_TO_CLOSE_MS);

  test('lets the write through while it is open', async () => {
    const { assertOpen } = await open();
    now.monotonicMs += 2_900;
    now.wallMs += 2_900;
    expect(assertOpen).not.toThrow();
  });

  test('refuses the write of a process that stood still beyond it', async () => {
    const { assertOpen } = await open();
    now.monotonicMs += 3_100;
    expect(assertOpen).toThrow('in which this attempt may post are over');
  });

  test.each([3_100, -3_100])(
    'refuses the write when the wall clock jumped by %d ms: a suspended machine',
    async (jumpMs) => {
      const { assertOpen } = await open();
      now.wallMs += jumpMs;
      expect(assertOpen).toThrow('in which this attempt may post are over');
    },
  );

  test.each([
    ['another attempt is pending', { attempt: 2 }],
    ['the activity is paused', { paused: true }],
    ['another activity is pending', { activityId: '8' }],
  ])('does not open when %s', async (_title, pending) => {
    await expect(attempt(pending).run(openPostWindow, START_TO_CLOSE_MS)).rejects.toThrow(
      'given this attempt up',
    );
  });
});

describe('an attempt', () => {
  const whyNot = (info: Info, originalRunId = RUN.runId, quarantinedRunId?: string) =>
    attempt({}, info).run(async () =>
      unknownWithoutPosting({
        originalRunId,
        ...omitUndefined({ quarantinedRunId }),
      }),
    );

  test('that is the first of its run may post', async () => {
    expect(await whyNot({})).toBeUndefined();
  });

  test('that is a later one posts nothing', async () => {
    expect(await whyNot({ attempt: 2 })).toMatchObject({ kind: 'unknown' });
  });

  test('that was scheduled anew, since it was paused and unpaused, posts nothing', async () => {
    const info = { scheduledTimestampMs: 1_000, currentAttemptScheduledTimestampMs: 2_000 };
    expect(await whyNot(info)).toMatchObject({ kind: 'unknown' });
  });

  test('of a run that a reset made posts nothing until that run has waited out a quarantine', async () => {
    expect(await whyNot({}, 'run-1')).toMatchObject({ kind: 'unknown', afterReset: true });
    expect(await whyNot({}, 'run-1', RUN.runId)).toBeUndefined();
  });
});
