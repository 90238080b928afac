import { holdersBefore, type RecentHolders } from '../../../src/activities/recent-holders';
import { DEFAULT_SETTINGS } from '../../../src/contract/operations';
import { beside, otherRequest, type FakeRun } from './runs-fake';

const LOCK = { lockId: 'snapflow-lock:main:clone:ci-42', lockRunId: 'own-lock' };
/** An activity of these tests is scheduled one millisecond after the beginning of time. */
const JUST_NOW_MS = 1;

/** What the holders of the lock before ours left, one that has done this and closed just now among them. */
const leftBy = (
  did: FakeRun['did'] = [],
  how: Pick<FakeRun, 'wasTerminated' | 'isForgotten'> = {},
): Promise<Partial<RecentHolders>> =>
  beside(otherRequest(LOCK.lockId, { did, closedAtMs: JUST_NOW_MS, ...how })).run(
    holdersBefore,
    LOCK,
    DEFAULT_SETTINGS,
    async () => false,
  );

test('the task and the machine of the last holder are of another request', async () => {
  const did = [
    { type: 'startLinkedClone', result: { kind: 'started', taskId: 't-2' } },
    { type: 'awaitTask', result: { kind: 'succeeded', taskId: 't-2', runId: 'r', resultId: 'vm-9' } },
  ];
  expect(await leftBy(did)).toEqual({ ofOthers: ['t-2', 'vm-9'] });
});

test('so are the task and the undo snapshot of a revert', async () => {
  const did = [
    { type: 'startRevert', result: { kind: 'started', taskId: 't-3' } },
    { type: 'verifyRevert', result: { runId: 'r', undoSnapshotId: 'snap-1' } },
  ];
  expect(await leftBy(did)).toEqual({ ofOthers: ['t-3', 'snap-1'] });
  const verified = { revert: { runId: 'r', undoSnapshotId: 'snap-1' } };
  const atItsEnd = [
    { type: 'startRevert', result: { kind: 'started', taskId: 't-3' } },
    { type: 'awaitTask', result: { kind: 'succeeded', taskId: 't-3', runId: 'r', verified } },
  ];
  expect(await leftBy(atItsEnd)).toEqual({ ofOthers: ['t-3', 'snap-1'] });
});

test('a holder that did nothing left nothing', async () => {
  expect(await leftBy()).toEqual({ ofOthers: [] });
});

describe('a holder that was terminated', () => {
  const { startToCloseMs, quarantineMs, lateCallMs } = DEFAULT_SETTINGS;
  const usualMs = startToCloseMs + quarantineMs;
  const terminated = (did: FakeRun['did'], how: Pick<FakeRun, 'isForgotten'> = {}) =>
    leftBy(did, { wasTerminated: true, ...how });

  test.each([
    ['before it started anything', []],
    [
      'after its worker had said that its start is unknown',
      [{ type: 'startRevert', result: { kind: 'unknown', reason: 'cut off' } }],
    ],
  ])('%s is waited out for as long as a call takes', async (_when, did) => {
    expect(await terminated(did)).toMatchObject({ settleMs: usualMs });
  });

  test.each([
    ['of which its worker said nothing', [{ type: 'startLinkedClone' }]],
    [
      'of which an attempt before the last one may have made the call',
      [{ type: 'startLinkedClone', result: { kind: 'unknown', reason: 'attempt 2', withoutWord: true } }],
    ],
  ])('in a start %s is waited out until its call has arrived', async (_which, did) => {
    expect(await terminated(did)).toMatchObject({ settleMs: usualMs + lateCallMs });
  });

  test('and that is forgotten may have been in such a start', async () => {
    expect(await leftBy([], { isForgotten: true })).toMatchObject({ settleMs: usualMs + lateCallMs });
  });
});
