import { randomUUID } from 'node:crypto';
import { getEventListeners } from 'node:events';
import { Client, Connection } from '@temporalio/client';
import { OperationFailed, Snapflow, type OperationProgress } from '../../../src/client';
import { eventually } from '../../environment/eventually';
import { testServerAddress } from '../../environment/addresses';
import { startScriptedWorker, type ScriptedWorker } from './scripted-worker';
import { untilAsks } from '../until-asks';

jest.setTimeout(60_000);

const taskQueue = `client-watch-${randomUUID()}`;
let worker: ScriptedWorker;
let snapflow: Snapflow;
let temporal: Client;

beforeAll(async () => {
  const address = testServerAddress();
  worker = await startScriptedWorker(address, taskQueue);
  snapflow = await Snapflow.connect({ address, taskQueue });
  temporal = new Client({ connection: await Connection.connect({ address }) });
});

afterAll(async () => {
  await snapflow?.close();
  await worker?.stop();
  await temporal?.connection.close();
});

const started = (snapshot: string, vm = `vm-${randomUUID()}`) =>
  snapflow.clone({ vm, snapshot, name: 'ci-42' }, { requestId: randomUUID() });
const release = (workflowId: string) => temporal.workflow.getHandle(workflowId).signal('release');

test('a pending activity without a heartbeat gives the phase, with one also percent, task and message', async () => {
  const handle = await started('task');
  const waiting = await eventually('it waits', async () => {
    const status = await handle.describe();
    return status.phase === 'wait' && status;
  });
  expect(waiting).toEqual({
    id: handle.id,
    workflowId: handle.workflowId,
    runId: handle.runId,
    operation: 'clone',
    state: 'running',
    phase: 'wait',
  });
  await worker.beat(handle.workflowId, {
    phase: 'wait',
    status: 'RUNNING',
    percent: 43,
    message: 'Copying disks',
    taskId: 't-1',
    condition: 'overdue',
  });
  const beaten = await eventually('the beat is shown', async () => {
    const overview = await handle.overview();
    return overview.status.percent === 43 && overview;
  });
  expect(beaten.status).toMatchObject({
    state: 'running',
    condition: 'overdue',
    phase: 'wait',
    taskId: 't-1',
  });
  expect(beaten).toMatchObject({ taskStatus: 'RUNNING', message: 'Copying disks', pickedUp: true });
  await worker.finish(handle.workflowId);
  await handle.result();
});

test('heartbeat details that are not ours are ignored', async () => {
  const handle = await started('prepare');
  await worker.beat(handle.workflowId, 'a text');
  const run = temporal.workflow.getHandle(handle.workflowId);
  await eventually('the beat has come', async () => {
    const { raw } = await run.describe();
    return (raw.pendingActivities?.[0]?.heartbeatDetails?.payloads?.length ?? 0) > 0;
  });
  expect(await handle.describe()).toMatchObject({ state: 'running', phase: 'prepare' });
  await worker.finish(handle.workflowId);
  await handle.result();
});

test('progress tells changes only, its percentage never falls, and it ends with the operation', async () => {
  const handle = await started('task');
  const seen: OperationProgress[] = [];
  const beat = (percent: number, message = '') =>
    worker.beat(handle.workflowId, { phase: 'wait', percent, message, taskId: 't-1' });
  await beat(30);
  await eventually('30 % are shown', async () => (await handle.describe()).percent === 30);
  for await (const progress of handle.progress()) {
    seen.push(progress);
    if (progress.percent === 30 && progress.message === undefined) {
      await beat(20, 'again');
      await eventually('20 % are shown', async () => (await handle.describe()).percent === 20);
    } else if (progress.percent === 60) await worker.finish(handle.workflowId);
    if (progress.message === 'again') await beat(60);
  }
  const percents = seen.flatMap(({ percent }) => percent ?? []);
  expect(percents).toEqual(percents.toSorted((left, right) => left - right));
  expect(percents).toEqual(expect.arrayContaining([30, 60]));
  expect(new Set(seen.map((progress) => JSON.stringify(progress))).size).toBe(seen.length);
  expect(seen.at(-1)?.state).toBe('succeeded');
});

test('an operation that needs a decision raises at once, and still runs', async () => {
  const handle = await started('needs-decision');
  await untilAsks(handle);
  const attached = await snapflow.operation(handle.id);
  await expect(attached.result()).rejects.toMatchObject({ failure: { type: 'NeedsDecision' } });
  expect(await handle.describe()).toMatchObject({ state: 'needs-decision' });
  await release(handle.workflowId);
  await eventually('it goes on', async () => (await handle.describe()).state !== 'needs-decision');
  await expect(handle.result()).resolves.toMatchObject({ taskId: 't-1' });
});

test('an operation that comes to need a decision while somebody waits raises then', async () => {
  const handle = await started('task');
  const waiting = expect(handle.result()).rejects.toMatchObject({ failure: { type: 'NeedsDecision' } });
  await worker.beat(handle.workflowId, { phase: 'start', condition: 'needs-decision' });
  await waiting;
  await worker.finish(handle.workflowId);
});

test('a cancel ends the operation as cancelled, and cancelling twice changes nothing', async () => {
  const handle = await started('hold');
  expect((await handle.cancel()).state).toBe('running');
  await expect(handle.result()).rejects.toMatchObject({ failure: { type: 'Cancelled' } });
  expect((await handle.cancel()).state).toBe('cancelled');
});

test('leaving a wait leaves the operation alone', async () => {
  const handle = await started('hold');
  const leave = new AbortController();
  const result = handle.result({ signal: leave.signal });
  const progress = handle.progress({ signal: leave.signal });
  await progress.next();
  leave.abort(new Error('left'));
  await expect(result).rejects.toThrow('left');
  await expect(progress.next()).rejects.toThrow('left');
  expect((await handle.describe()).state).toBe('running');
  await release(handle.workflowId);
  await handle.result();
});

test('who breaks out of the progress leaves no timer, no call and no listener', async () => {
  const handle = await started('hold');
  const { signal } = new AbortController();
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  for await (const { state } of handle.progress({ signal })) {
    expect(state).toBe('running');
    break;
  }
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  // The deadline of the last call to the server is a timer, too, and goes when its stream closes.
  await eventually('no timer is left', () => timers() <= before);
  await release(handle.workflowId);
  await handle.result();
});

test.each(['result', 'describe', 'overview', 'cancel', 'question', 'deleteVm'] as const)(
  '%s with a signal that is aborted already ends with its reason and asks nobody',
  async (method) => {
    const handle = await started('hold');
    const signal = AbortSignal.abort(new Error('given up'));
    await expect(handle[method]({ signal })).rejects.toThrow('given up');
    expect((await handle.describe()).state).toBe('running');
    await release(handle.workflowId);
    await handle.result();
  },
);

test('a wait follows an operation that an operator resets', async () => {
  const handle = await started('hold');
  const run = temporal.workflow.getHandle(handle.workflowId, handle.runId);
  const firstTask = await eventually(
    'a workflow task is done',
    async () =>
      (await run.fetchHistory()).events?.find((event) => event.workflowTaskCompletedEventAttributes)
        ?.eventId ?? undefined,
  );
  const result = handle.result();
  const { runId } = await temporal.workflowService.resetWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId: handle.workflowId, runId: handle.runId },
    requestId: randomUUID(),
    reason: 'test',
    workflowTaskFinishEventId: firstTask ?? null,
  });
  await release(handle.workflowId);
  await expect(result).resolves.toMatchObject({ taskId: 't-1' });
  expect((await handle.describe()).runId).toBe(runId);
});

test('the list has running, exceptional and ended operations of a machine, newest first', async () => {
  const vm = `vm-${randomUUID()}`;
  const failed = await started('fail', vm);
  await expect(failed.result()).rejects.toThrow(OperationFailed);
  const blocked = await started('blocked', vm);
  const running = await started('hold', vm);
  const rows = await eventually('all three are listed', async () => {
    const found = await snapflow.list({ vm });
    const [, second, third] = found;
    return found.length === 3 && second?.condition === 'blocked' && third?.state === 'failed' && found;
  });
  expect(rows.map(({ id }) => id)).toEqual([running.id, blocked.id, failed.id]);
  expect(rows[0]).toEqual({
    id: running.id,
    workflowId: running.workflowId,
    runId: running.runId,
    operation: 'clone',
    state: 'running',
    vm,
    snapshot: 'hold',
    name: 'ci-42',
    requester: expect.stringContaining('@'),
    startedAt: expect.stringMatching(/^\d{4}-.*Z$/),
  });
  const ids = async (states: ['blocked'] | ['failed', 'cancelled']) =>
    (await snapflow.list({ vm, states })).map(({ id }) => id);
  expect(await ids(['blocked'])).toEqual([blocked.id]);
  expect(await ids(['failed', 'cancelled'])).toEqual([failed.id]);
  await release(blocked.workflowId);
  await release(running.workflowId);
});

test('questions about snapshots and plans are answered by the worker, with its failure where it has one', async () => {
  await expect(snapflow.snapshots({ vm: 'web-01' })).resolves.toMatchObject({
    vmName: 'web-01',
    snapshots: [],
  });
  await expect(snapflow.plan({ vm: 'web-01', snapshot: 'latest', name: 'ci-42' })).rejects.toMatchObject({
    failure: { type: 'NameTaken' },
  });
});
