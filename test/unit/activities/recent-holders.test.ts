import { holdersBefore, type RecentHolders } from '../../../src/activities/recent-holders';
import { DEFAULT_SETTINGS } from '../../../src/contract/operations';
import { beside, otherRequest, type FakeRun } from './runs-fake';

const LOCK = { lockId: 'snapflow-lock:main:clone:ci-42', lockRunId: 'own-lock' };
/** An activity of these tests is scheduled one millisecond after the beginning of time. */
const JUST_NOW_MS = 1;

/** What the holders of the lock before ours left, one that has done this and closed just now among them. */
const leftBy = (did: FakeRun['did'] = []): Promise<Partial<RecentHolders>> =>
  beside(otherRequest(LOCK.lockId, { did, closedAtMs: JUST_NOW_MS })).run(
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
});

test('a holder that did nothing left nothing', async () => {
  expect(await leftBy()).toEqual({ ofOthers: [] });
});
