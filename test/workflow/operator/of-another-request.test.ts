import { defaultPayloadConverter } from '@temporalio/common';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { CloneHandle } from '../../../src/client';
import { startOptions } from '../../../src/client/start';
import { OPERATIONS } from '../../../src/contract/operations';
import { eventually } from '../../environment/eventually';
import { openEnvironment } from '../../environment/open-environment';
import type { ThreadEnvironment } from '../../environment/threads';
import { testServerAddress } from '../../environment/addresses';
import { untilAsks } from '../until-asks';

let env: ThreadEnvironment;
beforeAll(async () => {
  env = await openEnvironment({ as: 'threads' });
});
afterAll(() => env.close());
afterEach(() => env.control.settings({ cloneMs: 300 }));

const requestOf = (name: string) =>
  ({ connection: env.connection, vm: 'web-01', snapshot: 'latest', name }) as const;
const start = (requestId: string, name: string, again = false): Promise<CloneHandle> =>
  env.snapflow.clone(requestOf(name), { requestId, again });
const deletions = async (vmId: string) =>
  (await env.control.ledger()).filter(({ kind, vm }) => kind === 'delete' && vm === vmId);

/** Cancelled during its task, and undone. */
async function cancelled(requestId: string, name: string): Promise<void> {
  await env.control.settings({ cloneMs: 1_500 });
  const clone = await start(requestId, name);
  await eventually('it waits for its task', async () => (await clone.describe()).taskId);
  await clone.cancel();
  await expect(clone.result()).rejects.toMatchObject({ failure: { type: 'Cancelled' } });
  await env.control.settings({ cloneMs: 300 });
}

test('the clone of another request of the name is shown as such, and is neither adopted nor undone', async () => {
  const name = 'shared-1';
  await cancelled('a-1', name);
  const b = await start('b-1', name);
  const { vmId, taskId = '' } = await b.result();
  const a = await start('a-1', name, true);
  await untilAsks(a);
  await expect(a.result()).rejects.toMatchObject({
    failure: {
      type: 'NeedsDecision',
      message: expect.stringContaining(`${vmId} is of another request, ${b.workflowId}, and no candidate`),
      details: { candidates: [] },
    },
  });
  await a.cancel();
  for (const answer of [{ kind: 'vm', vmId } as const, { kind: 'task', taskId } as const])
    await expect(a.resolve(answer)).rejects.toThrow(`is of another request, ${b.workflowId}`);
  expect(await a.describe()).toMatchObject({ state: 'needs-decision' });
  await a.resolve({ kind: 'abandon' });
  await expect(a.result()).rejects.toMatchObject({ failure: { type: 'OutcomeUnknown' } });
  expect(await deletions(vmId)).toEqual([]);
  expect(await b.deleteVm()).toMatchObject({ vmId, outcome: 'deleted' });
});

/** Ends as a clone that an earlier build let take whatever machine was named. */
async function tookWhatWasNamed(requestId: string, name: string, vmId: string): Promise<CloneHandle> {
  const taskQueue = `${env.taskQueue}-scripted`;
  const connection = await NativeConnection.connect({ address: testServerAddress() });
  const { clusterId, folderId, sourceId } = await placeOf(name);
  const worker = await Worker.create({
    connection,
    taskQueue,
    workflowsPath: require.resolve('./took-what-was-named'),
    activities: {
      prepareLinkedClone: async () => ({ clusterId, folderId, vmId: sourceId, name }),
    },
  });
  const of = { operation: 'clone', request: requestOf(name), requestId, reuse: 'REJECT_DUPLICATE' } as const;
  const options = { ...startOptions(of, taskQueue, false), args: [{ vmId, name }] as [object] };
  await worker.runUntil(env.temporal.workflow.execute(OPERATIONS.clone.workflow, options));
  await connection.close();
  return env.snapflow.operation(requestId, { connection: env.connection }) as Promise<CloneHandle>;
}

/** Where the first request's clone of the name was to be. */
async function placeOf(name: string) {
  const handle = env.temporal.workflow.getHandle(`snapflow:${env.connection}:of-${name}`);
  const { events } = await handle.fetchHistory();
  const prepared = events?.flatMap(
    ({ activityTaskCompletedEventAttributes: done }) => done?.result?.payloads ?? [],
  )[0];
  const { clusterId, folderId, vmId } = defaultPayloadConverter.fromPayload<Record<string, string>>(
    prepared!,
  );
  return { clusterId, folderId, sourceId: vmId };
}

test('a delete of a clone that took the machine of another request is refused, and the machine stays', async () => {
  const name = 'shared-2';
  const b = await start(`of-${name}`, name);
  const { vmId } = await b.result();
  const a = await tookWhatWasNamed('a-2', name, vmId);
  await expect(a.deleteVm()).rejects.toMatchObject({
    failure: {
      type: 'CompensationIncomplete',
      message: `The clone ${name} (${vmId}) was not deleted: ${vmId} is of another request, ${b.workflowId}, which recorded it.`,
    },
  });
  expect(await deletions(vmId)).toEqual([]);
});
