import { endOf, openFaultEnvironment, type FaultEnvironment } from './fault-environment';
import { untilAsks } from '../until-asks';

describe('a revert', () => {
  let env: FaultEnvironment;
  beforeAll(async () => {
    env = await openFaultEnvironment({ simulator: { revertMs: 600 } });
  });
  afterAll(() => env.close());
  beforeEach(async () => void (await env.clearFaults()));

  /** The task takes far longer than a test needs to interfere with it. */
  const waiting = async (vm: string, extra: Record<string, unknown> = {}) => {
    await env.control.settings({ revertMs: 5_000 });
    const handle = await env.revert(vm, extra);
    const taskId = await env.taskOf(handle);
    await env.control.settings({ revertMs: 600 });
    return { handle, taskId };
  };
  const snapshotOf = async (vmId: string): Promise<string> => {
    const { inventory } = await env.control.state<{
      inventory: { snapshots: readonly { id: string; vm: string; name: string }[] };
    }>();
    return inventory.snapshots.find(({ vm, name }) => vm === vmId && name === 'nightly-0411')?.id ?? '';
  };
  test('whose task FAILED without an effect fails with the words of the service', async () => {
    const { handle, taskId } = await waiting('web-01');
    await env.control.task(taskId, { status: 'FAILED' });
    const { type, message } = await endOf(handle);
    // Its undo snapshot is taken first, so whether one is there depends on how far it came.
    expect(['TaskFailed', 'CompensationIncomplete']).toContain(type);
    expect(message).toContain('made to fail');
    expect(await env.revertEffects('vm-1001')).toEqual([]);
    await env.control.settings({ revertMs: 600 });
  });

  test('whose task FAILED although its snapshot was taken names that snapshot', async () => {
    const { handle, taskId } = await waiting('web-02');
    await env.control.task(taskId, { status: 'FAILED', effect: true });
    const end = await endOf(handle);
    const [taken] = (await env.control.ledger()).filter(
      ({ kind, vm }) => kind === 'snapshot' && vm === 'vm-1002',
    );
    expect(end).toMatchObject({ type: 'CompensationIncomplete', details: { left: taken?.snapshot } });
    expect(await env.revertEffects('vm-1002')).toEqual(['revert']);
  });

  test('whose task record is gone asks an operator, and ends as he says', async () => {
    const [done, repeated, abandoned] = [
      await waiting('web-03'),
      await waiting('web-04'),
      await waiting('web-05'),
    ];
    const all = [done, repeated, abandoned];
    for (const { taskId } of all) await env.control.task(taskId, { forget: true });
    for (const { handle } of all) await env.condition(handle, 'needs-decision');
    await env.resolve(done.handle, { kind: 'done' });
    await env.resolve(repeated.handle, { kind: 'repeat' });
    await env.resolve(abandoned.handle, { kind: 'abandon' });
    expect(await endOf(done.handle)).toMatchObject({ result: { powerState: 'POWERED_OFF' } });
    expect(await endOf(repeated.handle)).toMatchObject({ result: { taskId: expect.any(String) } });
    expect(await endOf(abandoned.handle)).toMatchObject({ type: 'OutcomeUnknown' });
    expect(await env.revertEffects('vm-1003')).toEqual(['revert']);
    expect(await env.revertEffects('vm-1004')).toEqual(['revert', 'revert']);
    expect(await env.revertEffects('vm-1005')).toEqual(['revert']);
  });

  test('whose machine has left its cluster is rejected, naming it', async () => {
    await env.fault({
      operation: 'revert',
      do: { path: '/vms/vm-1006', body: { cluster: 'cluster-02' } },
      count: 1,
    });
    expect(await endOf(await env.revert('web-06'))).toMatchObject({
      type: 'Rejected',
      message: expect.stringContaining('vm-1006 is not in cluster domain-c8'),
    });
    expect(await env.revertEffects('vm-1006')).toEqual([]);
  });

  test('whose power state cannot be restored succeeds with a warning', async () => {
    await env.fault({
      operation: 'power.start',
      action: { status: 400, errorType: 'NOT_ALLOWED_IN_CURRENT_STATE' },
    });
    const handle = await env.revert('app-01', { restorePower: true });
    expect(await endOf(handle)).toMatchObject({ result: { powerState: 'POWERED_OFF' } });
    expect((await handle.describe()).warnings).toMatchObject([{ type: 'PowerNotRestored' }]);
    expect(await env.revertEffects('vm-1007')).toEqual(['revert']);
  });

  test.each([
    ['succeeds with a warning', false],
    ['and which is cancelled ends as cancelled, saying so', true],
  ])('whose machine is deleted by somebody right after it %s', async (_title, isCancelled) => {
    const [vm, vmId] = isCancelled ? ['batch-01', 'vm-1017'] : ['batch-02', 'vm-1018'];
    const { handle } = await waiting(vm, { restorePower: true });
    await env.fault({ operation: 'power.get', action: 'hold', count: 1 });
    if (isCancelled) await handle.cancel();
    const hold = await env.held('power.get');
    await env.control.call('DELETE', `/vms/${vmId}`);
    await env.control.release(hold);
    const end = await endOf(handle);
    if (isCancelled)
      expect(end).toMatchObject({
        type: 'Cancelled',
        message: expect.stringContaining('not there any more'),
      });
    else {
      expect(end).toMatchObject({ result: { powerState: 'POWERED_OFF' } });
      expect((await handle.describe()).warnings?.map(({ type }) => type)).toEqual([
        'VmGone',
        'PowerNotRestored',
      ]);
    }
  });

  test('whose machine is started by somebody right after it succeeds with a warning', async () => {
    await env.fault({ operation: 'power.get', action: 'hold', skip: 2, count: 1 });
    const handle = await env.revert('app-02');
    const hold = await env.held('power.get');
    await env.control.vm('vm-1008', { power: 'POWERED_ON' });
    await env.control.release(hold);
    expect(await endOf(handle)).toMatchObject({ result: { powerState: 'POWERED_ON' } });
    expect((await handle.describe()).warnings).toMatchObject([{ type: 'PoweredOn' }]);
  });

  test('during whose unknown somebody else reverts the machine does not adopt that, and asks an operator', async () => {
    const other = await env.otherUser();
    await env.fault({ operation: 'revert', vm: 'app-03', action: 'hold', count: 1 });
    const handle = await env.revert('app-03');
    const hold = await env.held('revert');
    await other.startRevert('domain-c8', 'vm-1009', { snapshot: await snapshotOf('vm-1009') });
    await env.control.release(hold, 'reset');
    await untilAsks(handle);
    expect(await endOf(handle)).toMatchObject({ type: 'NeedsDecision' });
    expect(await env.revertEffects('vm-1009')).toEqual(['revert']);
    await env.resolve(handle, { kind: 'repeat' });
    expect(await endOf(handle)).toMatchObject({ result: { taskId: expect.any(String) } });
    expect(await env.revertEffects('vm-1009')).toEqual(['revert', 'revert']);
  });

  test('during whose unknown a revert of no account ends does not adopt that, and asks an operator', async () => {
    const other = await env.otherUser();
    await env.control.settings({ taskUser: 'absent' });
    await env.fault({ operation: 'revert', vm: 'db-03', action: 'hold', count: 1 });
    const handle = await env.revert('db-03');
    const hold = await env.held('revert');
    const taskId = await other.startRevert('domain-c58', 'vm-1015', {
      snapshot: await snapshotOf('vm-1015'),
    });
    await env.control.release(hold, 'reset');
    await untilAsks(handle);
    expect(await endOf(handle)).toMatchObject({
      type: 'NeedsDecision',
      details: { why: `task ${taskId} did what was asked, and it names no account` },
    });
    expect(await env.revertEffects('vm-1015')).toEqual(['revert']);
    await env.resolve(handle, { kind: 'abandon' });
    await env.control.settings({ taskUser: 'login' });
  });

  test('that finds the machine busy with somebody else waits for that task, then reverts', async () => {
    const other = await env.otherUser();
    await env.control.settings({ revertMs: 2_000 });
    await other.startRevert('domain-c8', 'vm-1010', { snapshot: await snapshotOf('vm-1010') });
    const handle = await env.revert('app-04');
    const { result } = await endOf(handle);
    // A revert begins with a snapshot and ends as a revert.
    const steps = (await env.control.ledger()).filter(
      ({ kind, vm }) => (kind === 'snapshot' || kind === 'revert') && vm === 'vm-1010',
    );
    expect(steps.map(({ kind }) => kind)).toEqual(['snapshot', 'revert', 'snapshot', 'revert']);
    const ours = result?.['taskId'];
    expect(steps.map(({ task }) => task === ours)).toEqual([false, false, true, true]);
    await env.control.settings({ revertMs: 600 });
  });

  test('run --again after another request has reverted the machine reverts it itself', async () => {
    await env.control.settings({ maxReverts: 0 });
    const first = await env.revert('db-01', {}, 'again');
    await env.scheduled(first, 'startRevert');
    await first.cancel();
    expect(await endOf(first)).toMatchObject({ type: 'Cancelled' });
    await env.control.settings({ maxReverts: 8 });
    const other = await endOf(await env.revert('db-01', {}, 'other'));
    const request = { connection: env.connection, vm: 'db-01', snapshot: 'nightly-0411' };
    const repeated = await env.snapflow.revert(request, { requestId: 'again', again: true });
    const { result } = await endOf(repeated);
    expect(result?.['taskId']).not.toBe(other.result?.['taskId']);
    expect(await env.revertEffects('vm-1013')).toEqual(['revert', 'revert']);
  });

  test('run --again after an unknown start and another request reverts it itself, and adopts nothing', async () => {
    await env.fault({ operation: 'revert', vm: 'db-02', action: 'reset', count: 1 });
    const first = await env.revert('db-02', {}, 'contested');
    await env.scheduled(first, 'startRevert');
    await env.temporal.workflow.getHandle(first.workflowId).terminate('test');
    const other = await endOf(await env.revert('db-02', {}, 'contender'));
    expect(other).toHaveProperty('result');
    const request = { connection: env.connection, vm: 'db-02', snapshot: 'nightly-0411' };
    const repeated = await env.snapflow.revert(request, { requestId: 'contested', again: true });
    // What the other one did is recorded as its own, so nothing is left that this request may have made.
    const { result } = await endOf(repeated);
    expect(result?.['taskId']).not.toBe(other.result?.['taskId']);
    expect(await env.revertEffects('vm-1014')).toEqual(['revert', 'revert']);
  });
});
