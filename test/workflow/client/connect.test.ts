import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { SettingInvalid, Snapflow, TemporalUnavailable, type OperationProgress } from '../../../src/client';
import { MEMO } from '../../../src/contract/operations';
import { findTemporalBinary } from '../../../packages/dev-server/src/find-temporal';
import { freePort, type DevServer } from '../../../packages/dev-server/src/start-dev-server';
import { startSnapflowServer } from '../../environment/start-snapflow-server';
import { eventually } from '../../environment/eventually';
import { UNUSED_ADDRESS } from '../../environment/addresses';
import { testServerAddress } from '../../environment/addresses';
import { startScriptedWorker, type ScriptedWorker } from './scripted-worker';

jest.setTimeout(90_000);

test('nobody at the address is said within seconds, with the address and the remedy', async () => {
  const before = performance.now();
  const attempt = Snapflow.connect({ address: UNUSED_ADDRESS });
  await expect(attempt).rejects.toThrow(TemporalUnavailable);
  await expect(attempt).rejects.toMatchObject({ reason: 'unreachable' });
  await expect(attempt).rejects.toThrow(
    `No Temporal server answers at ${UNUSED_ADDRESS}: start one (snapflow dev)`,
  );
  expect(performance.now() - before).toBeLessThan(20_000);
});

test('a connect that is given up ends with the reason given', async () => {
  const before = performance.now();
  const attempt = Snapflow.connect({ address: UNUSED_ADDRESS, signal: AbortSignal.timeout(200) });
  await expect(attempt).rejects.toMatchObject({ name: 'TimeoutError' });
  expect(performance.now() - before).toBeLessThan(3_000);
});

test('a namespace that does not exist is named', async () => {
  const attempt = Snapflow.connect({ address: testServerAddress(), namespace: 'nowhere' });
  await expect(attempt).rejects.toMatchObject({ reason: 'namespace' });
  await expect(attempt).rejects.toThrow(/has no namespace nowhere: create it/);
});

test('a profile that does not exist is refused', async () => {
  const attempt = Snapflow.connect({ address: testServerAddress(), profile: 'nowhere' });
  await expect(attempt).rejects.toThrow(SettingInvalid);
});

describe('on a server without the search attributes', () => {
  const taskQueue = `client-bare-${randomUUID()}`;
  let server: DevServer;
  let worker: ScriptedWorker;

  beforeAll(async () => {
    const { path } = await findTemporalBinary();
    server = await startSnapflowServer({ binary: path, searchAttributes: [] });
    worker = await startScriptedWorker(server.address, taskQueue);
  });

  afterAll(async () => {
    await worker?.stop();
    await server?.stop();
  });

  test('operations start without them, list and attach as ever, and it is said once', async () => {
    const notices: string[] = [];
    const onNotice = (sentence: string) => notices.push(sentence);
    const snapflow = await Snapflow.connect({ address: server.address, taskQueue, onNotice });
    const request = { vm: 'web-01', snapshot: 'blocked', name: 'ci-42' };
    const first = await snapflow.clone(request, { requestId: 'a' });
    const repeat = await snapflow.clone(request, { requestId: 'a' });
    const second = await snapflow.clone({ ...request, vm: 'web-02' }, { requestId: 'b' });
    expect(repeat.runId).toBe(first.runId);
    expect(notices).toEqual([expect.stringMatching(/lacks Snapflow's search attributes.*snapflow setup/)]);

    const client = new Client({ connection: await Connection.connect({ address: server.address }) });
    const { memo } = await client.workflow.getHandle(first.workflowId).describe();
    expect(memo?.[MEMO.searchAttributes]).toBe(false);
    const listed = await eventually('the blocked one is listed', async () => {
      const found = await snapflow.list({ vm: 'web-02', states: ['blocked'] });
      return found.length === 1 && found;
    });
    expect(listed[0]).toMatchObject({ id: second.id, condition: 'blocked', vm: 'web-02' });
    await client.connection.close();
    await snapflow.close();
  });

  test('a question that no worker hears ends with a sentence that names the task queue', async () => {
    const snapflow = await Snapflow.connect({ address: server.address, taskQueue: 'deserted' });
    const question = snapflow.snapshots({ vm: 'web-01' });
    await expect(question).rejects.toMatchObject({ reason: 'no-worker' });
    await expect(question).rejects.toThrow(/No worker answered on the task queue deserted/);
    await snapflow.close();
  });
});

/** Stands before the test server until it is stopped, with every connection through it. */
async function startPassage(): Promise<{ readonly address: string; readonly stop: () => Promise<void> }> {
  const [host, port] = testServerAddress().split(':');
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(port), host);
    for (const socket of [near, far]) sockets.add(socket.on('error', () => undefined));
    near.pipe(far).pipe(near);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}

test('a close while the server is away ends the calls that were about to be repeated, and not the program', async () => {
  const passage = await startPassage();
  const snapflow = await Snapflow.connect({ address: passage.address });
  await passage.stop();
  const asked = expect(snapflow.list({})).rejects.toThrow();
  await sleep(1_000);
  await snapflow.close();
  await asked;
  // A repetition after the close would throw from a timer here.
  await sleep(2_000);
});

test('a wait goes on through a restart of the Temporal server', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'snapflow-outage-'));
  const { path } = await findTemporalBinary();
  const port = await freePort('127.0.0.1');
  const start = () => startSnapflowServer({ binary: path, port, dbFile: join(folder, 'temporal.db') });
  let server = await start();
  const taskQueue = `client-outage-${randomUUID()}`;
  const worker = await startScriptedWorker(server.address, taskQueue);
  const snapflow = await Snapflow.connect({ address: server.address, taskQueue });
  try {
    const handle = await snapflow.clone({ vm: 'web-01', snapshot: 'hold', name: 'ci-42' });
    const progress = handle.progress();
    await progress.next();
    const states = drained(progress);
    const result = handle.result();
    await server.stop();
    server = await start();
    const client = new Client({ connection: await Connection.connect({ address: server.address }) });
    await client.workflow.getHandle(handle.workflowId).signal('release');
    await client.connection.close();
    await expect(result).resolves.toMatchObject({ name: 'ci-42' });
    expect((await states).at(-1)).toBe('succeeded');
  } finally {
    await snapflow.close();
    await worker.stop();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
});

async function drained(progress: AsyncIterable<OperationProgress>): Promise<string[]> {
  const states: string[] = [];
  for await (const { state } of progress) states.push(state);
  return states;
}
