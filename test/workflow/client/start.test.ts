import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import {
  AgainRefused,
  OperationFailed,
  RequestConflict,
  RequestInvalid,
  Snapflow,
} from '../../../src/client';
import { startOperation } from '../../../src/client/start';
import { CallsInFlight } from '../../../src/client/temporal-calls';
import { omitUndefined } from '../../../src/contract/omit-undefined';
import { MEMO } from '../../../src/contract/operations';
import { requestDigest } from '../../../src/request/identity';
import { eventually } from '../../environment/eventually';
import { testServerAddress } from '../../environment/addresses';
import { startScriptedWorker, type ScriptedWorker } from './scripted-worker';
import { SEALING } from './sealing-codec';

jest.setTimeout(60_000);

const taskQueue = `client-start-${randomUUID()}`;
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

/** A request of its own for each test, so that derived ids do not meet. */
const clone = (snapshot: string) => ({ vm: `vm-${randomUUID()}`, snapshot, name: 'ci-42' });
const newId = () => `build ${randomUUID()}`;
const release = (workflowId: string) => temporal.workflow.getHandle(workflowId).signal('release');
async function runsOf(workflowId: string): Promise<string[]> {
  const runs: string[] = [];
  for await (const { runId } of temporal.workflow.list({ query: `WorkflowId = "${workflowId}"` }))
    runs.push(runId);
  return runs;
}

test('a clone that succeeds returns its result, its warnings apart', async () => {
  const handle = await snapflow.clone(clone('warn'), { requestId: newId() });
  await expect(handle.result()).resolves.toEqual({ vmId: 'vm-of-first', name: 'ci-42', taskId: 't-1' });
  const status = await handle.describe();
  expect(status).toEqual({
    id: handle.id,
    workflowId: `snapflow:default:${handle.id}`,
    runId: handle.runId,
    operation: 'clone',
    state: 'succeeded',
    taskId: 't-1',
    result: { vmId: 'vm-of-first', name: 'ci-42', taskId: 't-1' },
    warnings: [{ type: 'PoweredOn', message: 'The clone ci-42 is powered on.' }],
  });
});

test('a start carries the identity in its memo, the search attributes and a readable summary, and no time-out', async () => {
  const request = clone('hold');
  const handle = await snapflow.clone(request, { requestId: newId() });
  const run = await temporal.workflow.getHandle(handle.workflowId).describe();
  expect(run.memo).toEqual({
    [MEMO.digest]: requestDigest('clone', request),
    [MEMO.operation]: 'clone',
    [MEMO.requestId]: handle.id,
    [MEMO.request]: request,
    [MEMO.searchAttributes]: true,
    [MEMO.requester]: expect.stringContaining('@'),
  });
  expect(run.searchAttributes).toMatchObject({
    SnapflowConnection: ['default'],
    SnapflowVm: [request.vm],
    SnapflowOperation: ['clone'],
    SnapflowName: ['ci-42'],
  });
  expect(await run.staticSummary()).toBe(`clone ${request.vm} @ hold -> ci-42`);
  expect(await run.staticDetails()).toContain(`**name** \`ci-42\``);
  const config = run.raw.executionConfig;
  expect(Number(config?.workflowExecutionTimeout?.seconds ?? 0)).toBe(0);
  expect(Number(config?.workflowRunTimeout?.seconds ?? 0)).toBe(0);
  await release(handle.workflowId);
  await handle.result();
});

test('the same id and request attaches to the running operation', async () => {
  const [request, requestId] = [clone('hold'), newId()];
  const first = await snapflow.clone(request, { requestId });
  const second = await snapflow.clone({ ...request, whenBusy: 'fail', deadlineMs: 60_000 }, { requestId });
  expect(second.runId).toBe(first.runId);
  await release(first.workflowId);
  expect(await second.result()).toEqual(await first.result());
});

test('the same id and request attaches to the finished operation, also to a failed one', async () => {
  const [request, requestId] = [clone('fail'), newId()];
  const first = await snapflow.clone(request, { requestId });
  await expect(first.result()).rejects.toThrow(OperationFailed);
  const second = await snapflow.clone(request, { requestId });
  expect(second.runId).toBe(first.runId);
  await expect(second.result()).rejects.toMatchObject({
    requestId,
    failure: {
      type: 'TaskFailed',
      message: 'The task t-1 of the clone failed: no space.',
      details: { taskId: 't-1' },
    },
  });
});

test.each(['hold', 'succeed'])(
  'an id that another request has is refused while that one does %s, naming what differs',
  async (script) => {
    const [request, requestId] = [clone(script), newId()];
    const first = await snapflow.clone(request, { requestId });
    if (script === 'succeed') await first.result();
    const other = snapflow.clone({ ...request, name: 'ci-43' }, { requestId });
    await expect(other).rejects.toThrow(RequestConflict);
    await expect(other).rejects.toThrow(
      `The request id ${requestId} was used before for another request (name was "ci-42", now "ci-43")`,
    );
    await expect(other).rejects.toMatchObject({ runId: first.runId });
    await expect(snapflow.revert({ vm: request.vm, snapshot: script }, { requestId })).rejects.toThrow(
      /operation was "clone", now "revert"/,
    );
    if (script === 'hold') await release(first.workflowId);
  },
);

test('without an id a repeat attaches while the first runs, and afterwards is a new operation', async () => {
  const request = clone('hold');
  const first = await snapflow.clone(request);
  expect(first.id).toMatch(/^ci-42-[0-9a-f]{10}$/);
  expect((await snapflow.clone(request)).runId).toBe(first.runId);
  await release(first.workflowId);
  await first.result();
  const second = await snapflow.clone(request);
  expect(second.id).toBe(first.id);
  expect(second.runId).not.toBe(first.runId);
  await release(second.workflowId);
  await second.result();
});

test('ten callers racing with one id start one run', async () => {
  const [request, requestId] = [clone('hold'), newId()];
  const handles = await Promise.all(Array.from({ length: 10 }, () => snapflow.clone(request, { requestId })));
  expect(new Set(handles.map(({ runId }) => runId)).size).toBe(1);
  const workflowId = `snapflow:default:${requestId}`;
  await release(workflowId);
  await Promise.all(handles.map((handle) => handle.result()));
  expect(
    await eventually('a run is listed', async () => {
      const runs = await runsOf(workflowId);
      return runs.length > 0 && runs;
    }),
  ).toHaveLength(1);
});

test('again runs a failed operation once more and names the run before', async () => {
  const [request, requestId] = [clone('fail-unless-again'), newId()];
  const first = await snapflow.clone(request, { requestId });
  await expect(first.result()).rejects.toThrow('first run');
  const second = await snapflow.clone(request, { requestId, again: true });
  expect(second.runId).not.toBe(first.runId);
  await expect(second.result()).resolves.toMatchObject({ vmId: `vm-of-${first.runId}` });
  expect((await snapflow.operation(requestId)).runId).toBe(second.runId);
});

test('again that is asked again attaches to the run that it made, while it runs and when it has succeeded', async () => {
  for (const requestId of [newId(), undefined]) {
    const request = { ...clone('fail-unless-again'), name: `again-${requestId ?? 'derived'}` };
    const options = omitUndefined({ requestId });
    await expect((await snapflow.clone(request, options)).result()).rejects.toThrow('first run');
    const second = await snapflow.clone(request, { ...options, again: true });
    await second.result();
    const third = await snapflow.clone(request, { ...options, again: true });
    expect(third.runId).toBe(second.runId);
    await expect(third.result()).resolves.toEqual(await second.result());
  }
  const [held, requestId] = [clone('hold'), newId()];
  const first = await snapflow.clone(held, { requestId });
  await temporal.workflow.getHandle(first.workflowId).terminate('operator');
  const second = await snapflow.clone(held, { requestId, again: true });
  const third = await snapflow.clone(held, { requestId, again: true });
  expect(third.runId).toBe(second.runId);
  await release(second.workflowId);
  await third.result();
});

test('again is refused while it runs, after it succeeded, when it is unknown and for another request', async () => {
  const [request, requestId] = [clone('hold'), newId()];
  const again = () => snapflow.clone(request, { requestId, again: true });
  await expect(again()).rejects.toThrow(AgainRefused);
  await expect(again()).rejects.toThrow('none with that id is known');
  const handle = await snapflow.clone(request, { requestId });
  await expect(again()).rejects.toThrow('still running');
  await release(handle.workflowId);
  await handle.result();
  await expect(again()).rejects.toThrow('it succeeded');
  const failing = await snapflow.clone(clone('fail'), { requestId: newId() });
  await expect(failing.result()).rejects.toThrow(OperationFailed);
  await expect(
    snapflow.clone({ ...request, snapshot: 'fail' }, { requestId: failing.id, again: true }),
  ).rejects.toThrow(RequestConflict);
});

test('again runs a terminated operation once more', async () => {
  const [request, requestId] = [clone('hold'), newId()];
  const first = await snapflow.clone(request, { requestId });
  await temporal.workflow.getHandle(first.workflowId).terminate('operator');
  await expect(first.result()).rejects.toMatchObject({ failure: { type: 'Terminated' } });
  const second = await snapflow.clone(request, { requestId, again: true });
  expect(second.runId).not.toBe(first.runId);
  await release(second.workflowId);
  await second.result();
});

test('a wrong request is refused before anything is started', async () => {
  const requestId = newId();
  await expect(snapflow.clone({ ...clone('hold'), name: '' }, { requestId })).rejects.toThrow(RequestInvalid);
  await expect(snapflow.operation(requestId)).rejects.toThrow(
    `No operation with the id ${requestId} is known`,
  );
});

test('a run that was started without our memo is never attached to', async () => {
  const requestId = newId();
  const workflowId = `snapflow:default:${requestId}`;
  await temporal.workflow.start('linkedCloneVm', {
    taskQueue,
    workflowId,
    args: [{ requestId, request: clone('hold') }],
  });
  await expect(snapflow.clone(clone('hold'), { requestId })).rejects.toThrow(RequestConflict);
  await release(workflowId);
});

describe('with a codec that encodes equal values differently each time', () => {
  test('a repeat attaches, and another request is refused by the fields that differ', async () => {
    const { connection } = temporal;
    const link = {
      client: new Client({ connection, dataConverter: { payloadCodecs: [SEALING] } }),
      calls: new CallsInFlight(),
      address: testServerAddress(),
      namespace: 'default',
      // No worker polls it, so the run stays as it was started.
      taskQueue: `unpolled-${randomUUID()}`,
      requester: 'a test',
      notice: () => {},
    };
    const asked = { operation: 'clone', requestId: newId(), reuse: 'REJECT_DUPLICATE' } as const;
    const request = clone('hold');
    const { run: first } = await startOperation(link, { ...asked, request });
    expect((await startOperation(link, { ...asked, request })).run.runId).toBe(first.runId);
    await expect(startOperation(link, { ...asked, request: { ...request, powerOn: true } })).rejects.toThrow(
      '(powerOn was false, now true)',
    );
    await link.client.workflow.getHandle(first.workflowId).terminate();
  });
});
