import { eventually } from '../../environment/eventually';
import { openEnvironment } from '../../environment/open-environment';
import type { ThreadEnvironment } from '../../environment/threads';

describe.each([
  ['cached', {}],
  ['uncached', { maxCachedWorkflows: 0 }],
])('a revert, %s', (_title, options) => {
  let env: ThreadEnvironment;
  beforeAll(async () => {
    env = await openEnvironment({ as: 'threads', ...options });
  });
  afterAll(() => env.close());

  const reverts = async (vm: string) =>
    (await env.control.ledger()).filter((effect) => effect.kind === 'revert' && effect.vm === vm);

  test('has one effect, names its undo snapshot, and takes 34 events', async () => {
    const { snapflow, connection } = env;
    const revert = await snapflow.revert(
      { connection, vm: 'web-01', snapshot: 'latest' },
      { requestId: 'v1' },
    );
    const result = await revert.result();
    expect(result).toMatchObject({ powerState: 'POWERED_OFF', undoSnapshotId: expect.any(String) });
    expect(await reverts('vm-1001')).toEqual([expect.objectContaining({ task: result.taskId })]);
    const { events } = await env.temporal.workflow.getHandle(revert.workflowId).fetchHistory();
    expect(events).toHaveLength(34);
  });

  test('with restorePower leaves the machine running as it was', async () => {
    const { snapflow, connection } = env;
    const revert = await snapflow.revert({
      connection,
      vm: 'web-02',
      snapshot: 'latest',
      restorePower: true,
    });
    expect(await revert.result()).toMatchObject({ powerState: 'POWERED_ON' });
    expect(await reverts('vm-1002')).toHaveLength(1);
  });

  test('that queues behind another of its machine follows it, and each has one effect', async () => {
    await env.control.settings({ revertMs: 1_500 });
    const request = { connection: env.connection, vm: 'web-03', snapshot: 'nightly-0411' };
    const first = await env.snapflow.revert(request, { requestId: 'q1' });
    await eventually(
      'the first waits for its task',
      async () => (await first.describe()).taskId !== undefined,
    );
    const second = await env.snapflow.revert(request, { requestId: 'q2' });
    await eventually('the second queues', async () => (await second.describe()).condition === 'queued');
    const results = await Promise.all([first.result(), second.result()]);
    expect((await reverts('vm-1003')).map(({ task }) => task)).toEqual(results.map(({ taskId }) => taskId));
    expect(results[0].undoSnapshotId).not.toBe(results[1].undoSnapshotId);
    await env.control.settings({ revertMs: 300 });
  });

  test.each(['reset', 'html', { status: 500 }])(
    'whose reply is lost (%p) is adopted, not repeated',
    async (action) => {
      await env.control.call('DELETE', '/faults');
      await env.control.fault({ operation: 'revert', position: 'after', action, count: 1 });
      const before = (await reverts('vm-1004')).length;
      const revert = await env.snapflow.revert({
        connection: env.connection,
        vm: 'web-04',
        snapshot: 'nightly-0411',
      });
      const { taskId } = await revert.result();
      expect((await reverts('vm-1004')).slice(before)).toEqual([expect.objectContaining({ task: taskId })]);
    },
  );

  test('whose effect comes between the two lists of a look is adopted, nobody is asked', async () => {
    await env.control.call('DELETE', '/faults');
    const holdNextSnapshots = { operation: 'snapshots.list', action: 'hold', count: 1 };
    await env.control.fault({
      operation: 'revert',
      do: { path: '/faults', body: holdNextSnapshots },
      count: 1,
    });
    await env.control.fault({ operation: 'revert', position: 'late', lateMs: 1_500, count: 1 });
    const revert = await env.snapflow.revert({
      connection: env.connection,
      vm: 'web-06',
      snapshot: 'nightly-0411',
    });
    const hold = await eventually('the look has read the tasks, and reads the snapshots', async () => {
      const [held] = await env.control.holds();
      return held?.hold;
    });
    await eventually('the machine is reverted', async () => (await reverts('vm-1006')).length > 0);
    await env.control.release(hold);
    const { taskId } = await revert.result();
    expect(await reverts('vm-1006')).toEqual([expect.objectContaining({ task: taskId })]);
  });

  test('that is cancelled during its task is undone by a revert to its undo snapshot, and powered on again', async () => {
    await env.control.settings({ revertMs: 1_000 });
    const revert = await env.snapflow.revert({
      connection: env.connection,
      vm: 'web-05',
      snapshot: 'nightly-0411',
    });
    await eventually('it waits for its task', async () => (await revert.describe()).taskId !== undefined);
    await revert.cancel();
    await eventually(
      'it shows as compensating while its task goes on',
      async () => (await revert.describe()).condition === 'compensating',
    );
    await expect(revert.result()).rejects.toMatchObject({ failure: { type: 'Cancelled' } });
    const effects = (await env.control.ledger()).filter(({ vm }) => vm === 'vm-1005');
    expect(effects.map(({ kind }) => kind)).toEqual(['snapshot', 'revert', 'snapshot', 'revert', 'power']);
    expect(effects[3]?.snapshot).toBe((effects[0] as { snapshot?: string }).snapshot);
    await env.control.settings({ revertMs: 300 });
  });
});
