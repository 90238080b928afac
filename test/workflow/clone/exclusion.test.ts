import { cloneNameLockId } from '../../../src/contract/operations';
import { eventually } from '../../environment/eventually';
import { resetRun } from '../reset-run';
import { openEnvironment } from '../../environment/open-environment';
import type { ThreadEnvironment } from '../../environment/threads';

describe('two requests for one clone name', () => {
  let env: ThreadEnvironment;
  beforeAll(async () => {
    env = await openEnvironment({ as: 'threads', simulator: { cloneMs: 1_000 } });
  });
  afterAll(() => env.close());

  const ask = (name: string, requestId: string, extra: Record<string, unknown> = {}) =>
    env.snapflow.clone(
      { connection: env.connection, vm: 'web-01', snapshot: 'latest', name, ...extra },
      { requestId },
    );
  const waiting = (taskId?: string) => taskId !== undefined;
  const clonesOf = async (name: string) =>
    (await env.control.ledger()).filter((effect) => effect.kind === 'clone' && effect.name === name);

  test('have one effect: the second queues, and then finds the name taken', async () => {
    const first = await ask('same-1', 'a1');
    await eventually('the first waits for its task', async () => waiting((await first.describe()).taskId));
    const second = await ask('same-1', 'b1');
    await eventually('the second queues', async () => (await second.describe()).condition === 'queued');
    const { vmId } = await first.result();
    await expect(second.result()).rejects.toMatchObject({
      failure: { type: 'NameTaken', message: expect.stringContaining(vmId) },
    });
    expect(await clonesOf('same-1')).toHaveLength(1);
  });

  test('refuse the second at once when it is not to wait, naming the run in its way', async () => {
    const first = await ask('same-2', 'a2');
    await eventually('the first waits for its task', async () => waiting((await first.describe()).taskId));
    const second = await ask('same-2', 'b2', { whenBusy: 'fail' });
    await expect(second.result()).rejects.toMatchObject({
      failure: { type: 'Busy', message: expect.stringContaining(first.workflowId) },
    });
    await first.result();
  });

  test('wait behind a foreign workflow under the lock id, say its type, and begin when it is gone', async () => {
    const foreign = await env.temporal.workflow.start('theirNightlyJob', {
      taskQueue: 'nobody-polls-it',
      workflowId: cloneNameLockId(env.connection, 'same-5'),
    });
    const clone = await ask('same-5', 'a5');
    await eventually('it says what is in its way', async () => {
      const { message = '', status } = await clone.overview();
      return status.condition === 'queued' && message.includes('a workflow of type theirNightlyJob');
    });
    const impatient = ask('same-5', 'b5', { whenBusy: 'fail' });
    await expect((await impatient).result()).rejects.toMatchObject({
      failure: { type: 'Busy', message: expect.stringContaining('theirNightlyJob') },
    });
    expect(await clonesOf('same-5')).toHaveLength(0);
    expect((await foreign.describe()).status.name).toBe('RUNNING');
    await foreign.terminate('test');
    await clone.result();
    expect(await clonesOf('same-5')).toHaveLength(1);
  });

  test('end the queueing of one that is cancelled, and nothing is left', async () => {
    const first = await ask('same-3', 'a3');
    await eventually('the first waits for its task', async () => waiting((await first.describe()).taskId));
    const second = await ask('same-3', 'b3');
    await eventually('the second queues', async () => (await second.describe()).condition === 'queued');
    await second.cancel();
    await expect(second.result()).rejects.toMatchObject({ failure: { type: 'Cancelled' } });
    await first.result();
    expect(await clonesOf('same-3')).toHaveLength(1);
  });

  test('wait for the task of a holder that was terminated, and find the name taken by it', async () => {
    const first = await ask('same-4', 'a4');
    await eventually('the first waits for its task', async () => waiting((await first.describe()).taskId));
    const holder = env.temporal.workflow.getHandle(first.workflowId);
    await holder.terminate('test');
    const second = await ask('same-4', 'b4');
    await expect(second.result()).rejects.toMatchObject({ failure: { type: 'NameTaken' } });
    expect(await clonesOf('same-4')).toHaveLength(1);
  });
});

describe('a clone that an operator resets', () => {
  let env: ThreadEnvironment;
  beforeAll(async () => {
    env = await openEnvironment({ as: 'threads', simulator: { cloneMs: 1_500 } });
  });
  afterAll(() => env.close());

  const openLocks = async () => {
    let open = 0;
    const query = `WorkflowType = 'holdExclusion' AND ExecutionStatus = 'Running' AND TaskQueue = '${env.taskQueue}'`;
    for await (const _ of env.temporal.workflow.list({ query })) open += 1;
    return open;
  };

  test.each([
    ['to its very beginning', 4],
    ['to after its lock', 9],
    ['to after prepare', 15],
    ['to after the start', 21],
  ])('%s, has one effect and leaves no lock', async (_title, eventId) => {
    const name = `reset-${eventId}`;
    const clone = await env.snapflow.clone(
      { connection: env.connection, vm: 'web-01', snapshot: 'latest', name },
      { requestId: name },
    );
    await eventually('it waits for its task', async () => (await clone.describe()).taskId !== undefined);
    const resetRunId = await resetRun(env, clone, eventId);
    const result = await env.temporal.workflow.getHandle(clone.workflowId, resetRunId).result();
    const effects = (await env.control.ledger()).filter((effect) => effect.name === name);
    expect(effects).toEqual([
      expect.objectContaining({ kind: 'clone', resultVm: (result as { vmId: string }).vmId }),
    ]);
    await eventually('no lock is left', async () => (await openLocks()) === 0);
  });

  test('and then terminates leaves a lock that the next request of that name releases', async () => {
    const request = { connection: env.connection, vm: 'web-01', snapshot: 'latest', name: 'reset-t' };
    const clone = await env.snapflow.clone(request, { requestId: 'reset-t1' });
    await eventually('it waits for its task', async () => (await clone.describe()).taskId !== undefined);
    const resetRunId = await resetRun(env, clone, 4);
    await env.temporal.workflow.getHandle(clone.workflowId, resetRunId).terminate('test');
    const next = await env.snapflow.clone(request, { requestId: 'reset-t2' });
    await expect(next.result()).rejects.toMatchObject({ failure: { type: 'NameTaken' } });
    expect((await env.control.ledger()).filter(({ name }) => name === 'reset-t')).toHaveLength(1);
    await eventually('no lock is left', async () => (await openLocks()) === 0);
  });
});
