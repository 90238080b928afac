import { randomUUID } from 'node:crypto';
import { startOptions } from '../../src/client/start';
import type { CloneHandle, OperationHandle } from '../../src/client';
import { OPERATIONS } from '../../src/contract/operations';
import { isRunGone } from '../../src/contract/run-gone';
import { eventually } from '../environment/eventually';
import { resetRun } from './reset-run';
import { openEnvironment } from '../environment/open-environment';
import type { ThreadEnvironment } from '../environment/threads';
import { untilAsks } from './until-asks';

let env: ThreadEnvironment;
beforeAll(async () => {
  env = await openEnvironment({ as: 'threads' });
});
afterAll(() => env.close());
afterEach(() => env.control.settings({ cloneMs: 300 }));

const requestOf = (name: string) =>
  ({ connection: env.connection, vm: 'web-01', snapshot: 'latest', name }) as const;
const effects = async (name: string) =>
  (await env.control.ledger()).filter((effect) => effect.name === name).map(({ kind }) => kind);

/** The server deletes in its own time. */
const FORGOTTEN_WITHIN_MS = 60_000;

/** What the end of a retention does to a closed run. */
async function forget({ workflowId, runId }: OperationHandle): Promise<void> {
  const { workflow, workflowService } = env.temporal;
  const workflowExecution = { workflowId, runId };
  await workflowService.deleteWorkflowExecution({ namespace: 'default', workflowExecution });
  const isForgotten = () =>
    workflow
      .getHandle(workflowId, runId)
      .fetchHistory()
      .then(() => undefined, isRunGone);
  await eventually('the run is forgotten', isForgotten, FORGOTTEN_WITHIN_MS);
}

/** As a caller of its own may: `--again` after whatever run. */
async function again(name: string, afterRunId: string): Promise<OperationHandle> {
  const of = { operation: 'clone', request: requestOf(name), requestId: name, afterRunId } as const;
  const start = { ...of, reuse: 'ALLOW_DUPLICATE' } as const;
  await env.temporal.workflow.start(OPERATIONS.clone.workflow, startOptions(start, env.taskQueue, false));
  return env.snapflow.operation(name, { connection: env.connection });
}

async function asks(operation: OperationHandle) {
  await untilAsks(operation);
  await expect(operation.result()).rejects.toMatchObject({
    failure: {
      type: 'NeedsDecision',
      message: expect.stringContaining('what another run of this request did is not known'),
    },
  });
}

test('a request that is run again after a run that the server has forgotten asks, and posts once when told to', async () => {
  await env.control.settings({ cloneMs: 60_000 });
  const first: CloneHandle = await env.snapflow.clone(requestOf('gone-1'), { requestId: 'gone-1' });
  const taskId = await eventually('it waits', async () => (await first.describe()).taskId);
  await env.control.task(taskId, { status: 'FAILED' });
  await expect(first.result()).rejects.toMatchObject({ failure: { type: 'TaskFailed' } });
  await env.control.settings({ cloneMs: 300 });
  await forget(first);
  const second = await again('gone-1', first.runId);
  await asks(second);
  expect(await effects('gone-1')).toEqual([]);
  await second.resolve({ kind: 'repeat' });
  await second.result();
  expect(await effects('gone-1')).toEqual(['clone']);
}, 120_000);

test('a request that is run again after a run that never was asks, remembers a cancel, and lets go of its lock', async () => {
  const clone = await again('gone-2', randomUUID());
  await asks(clone);
  await clone.cancel();
  await clone.resolve({ kind: 'repeat' });
  await expect(clone.result()).rejects.toMatchObject({ failure: { type: 'Cancelled' } });
  expect(await effects('gone-2')).toEqual([]);
  await (await env.snapflow.clone(requestOf('gone-2'), { requestId: 'after-gone-2' })).result();
  expect(await effects('gone-2')).toEqual(['clone']);
});

test('a run that a reset made of one that the server has forgotten asks, and takes the machine that is named', async () => {
  await env.control.settings({ cloneMs: 4_000 });
  const first = await env.snapflow.clone(requestOf('gone-3'), { requestId: 'gone-3' });
  await eventually('it waits', async () => (await first.describe()).taskId);
  await env.stopWorkers();
  // The first workflow task.
  await resetRun(env, first, 3);
  await forget(first);
  await env.startWorkers();
  const made = await eventually('the clone is made', async () =>
    (await env.control.ledger()).find(({ name }) => name === 'gone-3'),
  );
  const second = await env.snapflow.operation('gone-3', { connection: env.connection });
  await asks(second);
  const vmId = made.resultVm ?? '';
  await second.resolve({ kind: 'vm', vmId });
  expect(await second.result()).toMatchObject({ vmId });
  expect(await effects('gone-3')).toEqual(['clone']);
}, 120_000);
