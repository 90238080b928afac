import { ActivityFailure, TimeoutFailure } from '@temporalio/common';
import type { AwaitTaskInput, VerifyAtEnd, Waited } from '../../../src/contract/activities';
import type { Awaited } from '../../../src/workflows/await-task';
import { untilEnd, type AwaitedEnd } from '../../../src/workflows/await-task';
import type { Status } from '../../../src/workflows/status';

const awaitTask = jest.fn<Promise<Waited>, [AwaitTaskInput]>();
const beginsWithin: (number | undefined)[] = [];

jest.mock('../../../src/workflows/activity-calls', () => ({
  ...jest.requireActual<object>('../../../src/workflows/activity-calls'),
  waiting: (_summary: string, _heartbeatMs: number, beginsWithinMs?: number) => {
    beginsWithin.push(beginsWithinMs);
    return { awaitTask };
  },
}));

const BUDGET_MS = 60_000;
const VERIFY: VerifyAtEnd = { operation: 'clone', sourceVmId: 'vm-1', name: 'ci-1', folderId: 'group-v3' };
const ENDED: Waited = { kind: 'succeeded', taskId: 't-1', runId: 'r', resultId: 'vm-9' };
const BLOCKED: Waited = { kind: 'blocked', message: 'it cannot be read.' };
const UNBLOCKED: Waited = { kind: 'unblocked' };
const OVERDUE: Waited = { kind: 'overdue' };

const NO_SLOT = new ActivityFailure(
  'activity task failed',
  'awaitTask',
  '1',
  'NON_RETRYABLE_FAILURE',
  'worker',
  new TimeoutFailure('activity timed out', undefined, 'SCHEDULE_TO_START'),
);

interface Told {
  readonly end: AwaitedEnd;
  /** The states that the run has shown, in turn. */
  readonly shown: readonly string[];
  /** What each wait was asked. */
  readonly asked: readonly AwaitTaskInput[];
}

/** A wait whose activities end like that, each after these milliseconds. */
async function play(
  isOurs: boolean,
  ...ends: readonly (readonly [end: Waited | Error, afterMs?: number])[]
): Promise<Told> {
  const shown: string[] = [];
  const status = {
    set: (_phase: string, _shown: object, state = 'running') => shown.push(state),
    command: () => '',
  } as unknown as Status;
  for (const [end, afterMs = 0] of ends)
    awaitTask.mockImplementationOnce(() => {
      jest.advanceTimersByTime(afterMs);
      return end instanceof Error ? Promise.reject(end) : Promise.resolve(end);
    });
  const awaited: Awaited = {
    connection: 'main',
    called: 'clone ci-1',
    taskId: 't-1',
    isOurs,
    verify: VERIFY,
    settings: { heartbeats: 'responsive', heartbeatTimeoutMs: 30_000, waitBudgetMs: BUDGET_MS },
  };
  const end = await untilEnd(awaited, status);
  return { end, shown, asked: awaitTask.mock.calls.map(([input]) => input) };
}

beforeEach(() => {
  jest.useFakeTimers();
  awaitTask.mockReset();
  beginsWithin.length = 0;
});
afterEach(() => void jest.useRealTimers());

test('a wait that ends in time has its budget, also for its slot, and what it verified', async () => {
  const verified = { clone: { runId: 'r', name: 'ci-1', warnings: [] } };
  const { end, shown, asked } = await play(true, [{ ...ENDED, verified }]);
  expect(end).toEqual({ end: ENDED, verified });
  expect(shown).toEqual([]);
  expect(asked).toEqual([expect.objectContaining({ overdueAfterMs: BUDGET_MS, verify: VERIFY })]);
  expect(beginsWithin).toEqual([BUDGET_MS]);
});

test.each([
  ['that takes too long', OVERDUE],
  ['without a slot', NO_SLOT],
])('a wait %s shows as overdue, and goes on without a budget', async (_title, first) => {
  const { end, shown, asked } = await play(true, [first], [ENDED]);
  expect(end).toEqual({ end: ENDED });
  expect(shown).toEqual(['overdue', 'running']);
  expect(asked[1]).not.toHaveProperty('overdueAfterMs');
  expect(asked[1]).not.toHaveProperty('verify');
  expect(beginsWithin).toEqual([BUDGET_MS, undefined]);
});

test('a wait that is blocked shows as that, and as overdue once it is read again too late', async () => {
  const { shown, asked } = await play(true, [BLOCKED, 30_000], [UNBLOCKED, 40_000], [ENDED]);
  expect(shown).toEqual(['blocked', 'running', 'overdue', 'running']);
  expect(asked.map(({ overdueAfterMs, blocked }) => ({ overdueAfterMs, blocked }))).toEqual([
    { overdueAfterMs: BUDGET_MS, blocked: false },
    { overdueAfterMs: undefined, blocked: true },
    { overdueAfterMs: undefined, blocked: false },
  ]);
});

test('a wait that is overdue and then blocked shows as overdue again once it is read', async () => {
  const { shown } = await play(true, [OVERDUE, BUDGET_MS], [BLOCKED], [UNBLOCKED], [ENDED]);
  expect(shown).toEqual(['overdue', 'blocked', 'overdue', 'running']);
});

test('the wait of a candidate ends after what is left of its budget, also while it is blocked', async () => {
  const { end, asked } = await play(false, [BLOCKED, 20_000], [OVERDUE]);
  expect(end).toEqual({ end: { kind: 'overdue', taskId: 't-1' } });
  expect(asked.map(({ overdueAfterMs }) => overdueAfterMs)).toEqual([BUDGET_MS, 40_000]);
  const { end: late } = await play(false, [BLOCKED, 20_000], [UNBLOCKED, 40_000]);
  expect(late).toEqual({ end: { kind: 'overdue', taskId: 't-1' } });
});

test('any other failure of a wait is one', async () => {
  await expect(play(true, [new Error('broken')])).rejects.toThrow('broken');
});
