import { randomUUID } from 'node:crypto';
import { Snapflow } from '../../../src/client';
import { startGrpcPassThrough, type GrpcPassThrough } from '../../../proof/processes/grpc-pass-through';
import { rpcOf, type RpcRule } from '../../../proof/processes/rpc';
import { testServerAddress } from '../../environment/addresses';
import { startScriptedWorker, type ScriptedWorker } from './scripted-worker';

const taskQueue = `client-calls-${randomUUID()}`;
let worker: ScriptedWorker;
/** Between this caller alone and the server. */
let line: GrpcPassThrough;
let snapflow: Snapflow;
let calls: string[] = [];

const counts: RpcRule = {
  moment: 'before',
  matches: ({ method }) => {
    calls.push(method);
    return false;
  },
  act: () => 'go-on',
};

beforeAll(async () => {
  const address = testServerAddress();
  worker = await startScriptedWorker(address, taskQueue);
  line = await startGrpcPassThrough(address);
  line.add(counts);
  snapflow = await Snapflow.connect({ address: line.address, taskQueue });
});

afterAll(async () => {
  await snapflow?.close();
  await line?.stop();
  await worker?.stop();
});

beforeEach(() => {
  calls = [];
});

const request = (snapshot: string) => ({ vm: `vm-${randomUUID()}`, snapshot, name: 'ci-42' });

test('a clone whose result is awaited takes its caller two calls: the start, and the long poll', async () => {
  const handle = await snapflow.clone(request('succeed'), { requestId: randomUUID() });
  expect(handle.name).toBe('ci-42');
  await expect(handle.result()).resolves.toEqual({ vmId: 'vm-of-first', name: 'ci-42', taskId: 't-1' });
  expect(calls).toEqual(['StartWorkflowExecution', 'GetWorkflowExecutionHistory']);
});

test('one that fails is described, once', async () => {
  const handle = await snapflow.clone(request('fail'), { requestId: randomUUID() });
  await expect(handle.result()).rejects.toMatchObject({ failure: { type: 'TaskFailed' } });
  expect(calls.filter((method) => method === 'DescribeWorkflowExecution')).toHaveLength(1);
});

test('one that was there already is described before it is attached to', async () => {
  const [asked, requestId] = [request('succeed'), randomUUID()];
  const first = await snapflow.clone(asked, { requestId });
  await first.result();
  calls = [];
  const second = await snapflow.clone(asked, { requestId });
  expect(second.runId).toBe(first.runId);
  expect(calls).toEqual(['StartWorkflowExecution', 'DescribeWorkflowExecution']);
});

test.each(['hold', 'succeed'])(
  'a start whose reply is lost is sent again under its request id, and the run that it made (%s) is no conflict with it',
  async (script) => {
    const sent: Buffer[] = [];
    const lost = line.add({
      moment: 'after',
      matches: (rpc) => {
        const isStart = rpcOf('StartWorkflowExecution')(rpc);
        if (isStart) sent.push(rpc.request);
        return isStart;
      },
      act: () => 'lost',
    });
    const requestId = randomUUID();
    const handle = await snapflow.clone(request(script), { requestId });
    lost.remove();
    expect(lost.acted()).toBe(1);
    // Byte for byte: with another id of its own the second would be a second request.
    expect(sent).toHaveLength(2);
    expect(sent[1]).toEqual(sent[0]);
    expect(calls.filter((method) => method === 'DescribeWorkflowExecution')).toEqual([]);
    expect((await snapflow.operation(requestId)).runId).toBe(handle.runId);
    if (script === 'hold') await handle.cancel();
    else await expect(handle.result()).resolves.toMatchObject({ taskId: 't-1' });
  },
);
