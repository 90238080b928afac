import { endOf, openFaultEnvironment, type FaultEnvironment } from './fault-environment';

describe('a clone', () => {
  let env: FaultEnvironment;
  let number = 0;
  beforeAll(async () => {
    env = await openFaultEnvironment({ simulator: { cloneMs: 600 } });
  });
  afterAll(() => env.close());
  beforeEach(async () => void (await env.clearFaults()));

  /** `taskMs`: far longer than a test needs to interfere with the task. */
  const waiting = async (extra: Record<string, unknown> = {}, taskMs = 600) => {
    await env.control.settings({ cloneMs: taskMs });
    const name = `end-${++number}`;
    const handle = await env.clone(name, extra);
    return { name, handle, taskId: await env.taskOf(handle) };
  };
  const machine = async (name: string) =>
    (await env.control.ledger()).find((effect) => effect.name === name)?.resultVm;

  test('whose task FAILED fails with the words of the service, and nothing is left', async () => {
    const { name, handle, taskId } = await waiting({}, 5_000);
    await env.control.task(taskId, { status: 'FAILED' });
    expect(await endOf(handle)).toMatchObject({
      type: 'TaskFailed',
      message: expect.stringContaining('made to fail'),
      details: { taskId },
    });
    expect(await env.cloneEffects(name)).toEqual([]);
  });

  test.each([
    ['FAILED although its machine is there', { status: 'FAILED', effect: true }],
    ['SUCCEEDED without a result', { status: 'SUCCEEDED', result: null }],
  ])('whose task %s names the machine and deletes nothing', async (_title, change) => {
    const { name, handle, taskId } = await waiting({}, 5_000);
    await env.control.task(taskId, change);
    const end = await endOf(handle);
    expect(end).toMatchObject({ type: 'CompensationIncomplete', details: { left: await machine(name) } });
    expect(end.message).toContain(await machine(name));
    expect(await env.cloneEffects(name)).toEqual(['clone']);
  });

  test('whose task is BLOCKED for a while waits, and succeeds', async () => {
    const { name, handle, taskId } = await waiting({}, 2_000);
    await env.control.task(taskId, { status: 'BLOCKED' });
    await env.control.task(taskId, { status: 'RUNNING' });
    expect(await endOf(handle)).toMatchObject({ result: { name, taskId } });
  });

  test('whose task record is gone asks an operator, and is posted again only if he says so', async () => {
    const again = await waiting({}, 5_000);
    // A task that is BLOCKED goes no further: this one never has its effect.
    await env.control.task(again.taskId, { status: 'BLOCKED' });
    const asked = await waiting({}, 5_000);
    for (const { taskId } of [again, asked]) await env.control.task(taskId, { forget: true });
    for (const { handle } of [again, asked]) await env.condition(handle, 'needs-decision');
    expect(await endOf(asked.handle)).toMatchObject({ type: 'NeedsDecision' });
    const vmId = await machine(asked.name);
    // Only a machine or a task says which clone it is.
    await expect(env.resolve(asked.handle, { kind: 'done' })).rejects.toThrow();
    await env.resolve(asked.handle, { kind: 'vm', vmId: vmId ?? '' });
    expect(await endOf(asked.handle)).toMatchObject({ result: { vmId } });
    expect(await env.cloneEffects(asked.name)).toEqual(['clone']);
    expect(await env.cloneEffects(again.name)).toEqual([]);
    await env.resolve(again.handle, { kind: 'repeat' });
    const { result } = await endOf(again.handle);
    expect(result).toMatchObject({ name: again.name });
    expect(result?.['taskId']).not.toBe(again.taskId);
    expect(await env.cloneEffects(again.name)).toEqual(['clone']);
  });

  test('whose session ends in the wait logs in anew and succeeds', async () => {
    const { name, handle } = await waiting();
    await env.control.expireSessions();
    expect(await endOf(handle)).toMatchObject({ result: { name } });
    expect(await env.cloneEffects(name)).toEqual(['clone']);
  });

  test.each([
    ['is deleted', {}, 'was deleted', ['clone', 'delete']],
    ['is kept with onFailure keep', { onFailure: 'keep' }, 'was kept', ['clone']],
  ])('that cannot be powered on %s, and says so', async (_title, extra, said, effects) => {
    await env.fault({
      operation: 'power.start',
      action: { status: 400, errorType: 'NOT_ALLOWED_IN_CURRENT_STATE' },
    });
    const { name, handle } = await waiting({ powerOn: true, ...extra });
    expect(await endOf(handle)).toMatchObject({
      type: 'PowerOnFailed',
      message: expect.stringContaining(`${name} (${await machine(name)}) ${said}`),
    });
    expect(await env.cloneEffects(name)).toEqual(effects);
  });

  test('whose name somebody takes right before the post fails, naming that machine', async () => {
    await env.fault({
      operation: 'linkedClone',
      do: { path: '/vms', body: { name: 'taken-1', folder: 'group-v3', cluster: 'cluster-01' } },
      count: 1,
    });
    const end = await endOf(await env.clone('taken-1'));
    const rules = await env.control.faults();
    expect(rules).toEqual([expect.objectContaining({ fired: 1, doStatus: 201 })]);
    expect(end).toMatchObject({ type: 'NameTaken', message: expect.stringMatching(/taken by vm-\d+/) });
    expect(await env.cloneEffects('taken-1')).toEqual([]);
  });

  test('whose machine is renamed right after the task succeeds with a warning', async () => {
    await env.fault({ operation: 'vm.get', action: 'hold', count: 1 });
    const { name, handle } = await waiting();
    const hold = await env.held('vm.get');
    await env.control.vm((await machine(name)) ?? '', { name: `${name}-renamed` });
    await env.control.release(hold);
    expect((await endOf(handle)).result).toMatchObject({ name: `${name}-renamed` });
    expect((await handle.describe()).warnings).toMatchObject([{ type: 'NameDiffers' }]);
  });

  test('whose task outlasts the quarantine and whose machine shows late is still found, not made twice', async () => {
    await env.control.settings({ visibilityDelayMs: 800, taskVisibilityDelayMs: 500, cloneMs: 1_700 });
    await env.fault({ operation: 'linkedClone', position: 'after', action: 'reset', count: 1 });
    const handle = await env.clone('lag-1');
    const { result } = await endOf(handle);
    expect(result).toMatchObject({ vmId: await machine('lag-1') });
    expect(await env.cloneEffects('lag-1')).toEqual(['clone']);
    await env.control.settings({ visibilityDelayMs: 0, taskVisibilityDelayMs: 0, cloneMs: 600 });
  });

  test('run --again after another request has made that name fails with NameTaken and adopts nothing', async () => {
    await env.control.settings({ maxClones: 0 });
    const first = await env.clone('again-1');
    await env.scheduled(first, 'startLinkedClone');
    await first.cancel();
    expect(await endOf(first)).toMatchObject({ type: 'Cancelled' });
    await env.control.settings({ maxClones: 8 });
    const request = { connection: env.connection, vm: 'web-01', snapshot: 'latest', name: 'again-1' };
    const other = await env.snapflow.clone(request, { requestId: 'again-other' });
    const { vmId } = await other.result();
    const repeated = await env.snapflow.clone(request, { requestId: 'again-1', again: true });
    expect(await endOf(repeated)).toMatchObject({
      type: 'NameTaken',
      message: expect.stringContaining(vmId),
    });
    expect(await env.cloneEffects('again-1')).toEqual(['clone']);
  });
});
