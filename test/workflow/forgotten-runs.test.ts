import { randomUUID } from 'node:crypto';
import { startOptions } from '../../src/client/start';
import type { CloneHandle, OperationHandle } from '../../src/client';
import { OPERATIONS } from '../../src/contract/operations';
import { isRunGone } from '../../src/contract/run-gone';
import { eventually } from '../rig/eventually';
import { resetRun } from '../rig/reset-run';
import { startRig, type Rig } from '../rig/start-rig';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.stop());
afterEach(() => rig.control.settings({ cloneMs: 300 }));

const requestOf = (name: string) =>
  ({ connection: rig.connection, vm: 'web-01', snapshot: 'latest', name }) as const;
const effects = async (name: string) =>
  (await rig.control.ledger()).filter((effect) => effect.name === name).map(({ kind }) => kind);

/** The server deletes in its own time. */
const FORGOTTEN_WITHIN_MS = 60_000;

/** What the end of a retention does to a closed run. */
async function forget({ workflowId, runId }: OperationHandle): Promise<void> {
  const { workflow, workflowService } = rig.temporal;
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
  await rig.temporal.workflow.start(OPERATIONS.clone.workflow, startOptions(start, rig.taskQueue, false));
  return rig.snapflow.operation(name, { connection: rig.connection });
}

const asks = async (operation: OperationHandle) => {
  await expect(operation.result()).rejects.toMatchObject({
    failure: {
      type: 'NeedsDecision',
      message: expect.stringContaining('what another run of this request did is not known'),
    },
  });
};

test('a request that is run again after a run that the server has forgotten asks, and posts once when told to', async () => {
  await rig.control.settings({ cloneMs: 60_000 });
  const first: CloneHandle = await rig.snapflow.clone(requestOf('gone-1'), { requestId: 'gone-1' });
  const taskId = await eventually('it waits', async () => (await first.describe()).taskId);
  await rig.control.task(taskId, { status: 'FAILED' });
  await expect(first.result()).rejects.toMatchObject({ failure: { type: 'TaskFailed' } });
  await rig.control.settings({ cloneMs: 300 });
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
  await (await rig.snapflow.clone(requestOf('gone-2'), { requestId: 'after-gone-2' })).result();
  expect(await effects('gone-2')).toEqual(['clone']);
});

test('a run that a reset made of one that the server has forgotten asks, and takes the machine that is named', async () => {
  await rig.control.settings({ cloneMs: 4_000 });
  const first = await rig.snapflow.clone(requestOf('gone-3'), { requestId: 'gone-3' });
  await eventually('it waits', async () => (await first.describe()).taskId);
  await rig.stopWorkers();
  // The first workflow task.
  await resetRun(rig, first, 3);
  await forget(first);
  await rig.startWorkers();
  const made = await eventually('the clone is made', async () =>
    (await rig.control.ledger()).find(({ name }) => name === 'gone-3'),
  );
  const second = await rig.snapflow.operation('gone-3', { connection: rig.connection });
  await asks(second);
  const vmId = made.resultVm ?? '';
  await second.resolve({ kind: 'vm', vmId });
  expect(await second.result()).toMatchObject({ vmId });
  expect(await effects('gone-3')).toEqual(['clone']);
}, 120_000);
