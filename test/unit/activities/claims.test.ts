import { claimedBy, claimsOfOthers, type Claims } from '../../../src/activities/claims';
import { beside, otherRequest, type FakeRun } from './runs-fake';

const LOCK = 'snapflow-lock:main:clone:ci-42';
const OWN = 'snapflow:main:own';
const OTHER = 'snapflow:main:other';
const SOURCE = 'vm-1';

const started = (taskId: string) => ({
  type: 'startLinkedClone',
  input: { vmId: SOURCE },
  result: { kind: 'started', taskId },
});
const awaited = (taskId: string, resultId: string) => ({
  type: 'awaitTask',
  result: { kind: 'succeeded', taskId, runId: 'r', resultId },
});
const ownRun = (run: Partial<FakeRun> = {}): FakeRun => ({ workflowId: OWN, runId: 'own-run', ...run });

async function claims(runs: readonly FakeRun[], reach: 'since-begin' | 'ever' = 'since-begin') {
  const claimed: Promise<Claims> = beside(runs, OWN).run(claimsOfOthers, LOCK, OWN, reach);
  const { by, unread } = await claimed;
  return { by: Object.fromEntries(by), unread };
}

test('a task that another request of the name started, and the machine that it made, are that one’s', async () => {
  const other = otherRequest(LOCK, { did: [started('t-2'), awaited('t-2', 'vm-9')] });
  expect(await claims([ownRun(), ...other])).toEqual({ by: { 't-2': OTHER, 'vm-9': OTHER } });
});

test('a task that another request only waited for is nobody’s by that', async () => {
  const other = otherRequest(LOCK, { did: [awaited('t-2', 'vm-9')] });
  expect(await claims([ownRun(), ...other])).toEqual({ by: {} });
});

test('a machine that another request took as its effect without a task is that one’s', async () => {
  const took = { type: 'verifyLinkedClone', input: { vmId: 'vm-9', sourceVmId: SOURCE } };
  expect(await claims([ownRun(), ...otherRequest(LOCK, { did: [took] })])).toEqual({ by: { 'vm-9': OTHER } });
});

test('a machine that a task made which an operator named is that one’s, once its wait has taken it', async () => {
  const input = { verify: { operation: 'clone', sourceVmId: SOURCE } };
  const took = { ...awaited('t-named', 'vm-9'), input };
  expect(await claims([ownRun(), ...otherRequest(LOCK, { did: [took] })])).toEqual({ by: { 'vm-9': OTHER } });
});

test('an undo snapshot is that one’s, whichever step has read it', async () => {
  const read = { type: 'verifyRevert', result: { undoSnapshotId: 'snap-1' } };
  const waited = {
    type: 'awaitTask',
    result: { kind: 'succeeded', taskId: 't-3', verified: { revert: { undoSnapshotId: 'snap-2' } } },
  };
  const other = otherRequest(LOCK, { did: [read, waited] });
  expect(await claims([ownRun(), ...other])).toEqual({ by: { 'snap-1': OTHER, 'snap-2': OTHER } });
});

test('the source is nobody’s effect, also where a task names it as its result', async () => {
  const took = { type: 'verifyLinkedClone', input: { vmId: SOURCE, sourceVmId: SOURCE } };
  const other = otherRequest(LOCK, { did: [started('t-2'), awaited('t-2', SOURCE), took] });
  expect(await claims([ownRun(), ...other])).toEqual({ by: { 't-2': OTHER } });
});

test('what earlier runs of this request recorded is its own', async () => {
  const own = ownRun({ did: [started('t-1'), awaited('t-1', 'vm-8')] });
  const lock = { workflowId: LOCK, runId: 'lock-run', parent: { workflowId: OWN, runId: 'own-run' } };
  expect(await claims([own, lock])).toEqual({ by: {} });
});

test('another request that ended before this one began is read where no baseline covers it', async () => {
  const other = otherRequest(LOCK, { did: [started('t-2')], closedAtMs: 1_000 });
  expect(await claims([ownRun({ startedAtMs: 2_000 }), ...other], 'ever')).toEqual({ by: { 't-2': OTHER } });
});

test('another request that ended before this one began is not read', async () => {
  const other = otherRequest(LOCK, { isForgotten: true, closedAtMs: 1_000 });
  expect(await claims([ownRun({ startedAtMs: 2_000 }), ...other])).toEqual({ by: {} });
});

test('another request that ended before a run whose own predecessor is forgotten is read', async () => {
  const other = otherRequest(LOCK, { did: [started('t-2')], closedAtMs: 1_000 });
  const own = ownRun({ startedAtMs: 2_000, afterRunId: 'forgotten' });
  expect(await claims([own, ...other])).toEqual({ by: { 't-2': OTHER } });
});

test('another request that the server has forgotten is said, not taken for one that did nothing', async () => {
  const { by, unread } = await claims([ownRun(), ...otherRequest(LOCK, { isForgotten: true })]);
  expect({ by, unread }).toEqual({ by: {}, unread: `what ${OTHER} did is not kept any more` });
  expect(claimedBy('vm-9', { by: new Map(), unread: unread! })).toContain('cannot be told');
});
