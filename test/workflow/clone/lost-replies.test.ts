import { eventually } from '../../rig/eventually';
import { startRig, type Rig } from '../../rig/start-rig';

describe('a start whose outcome is unknown', () => {
  let rig: Rig;
  let number = 0;
  beforeAll(async () => {
    rig = await startRig();
  });
  afterAll(() => rig.stop());
  afterEach(() => rig.control.call('DELETE', '/faults'));

  const start = (extra: Record<string, unknown> = {}) => {
    const name = `lost-${++number}`;
    const request = { connection: rig.connection, vm: 'web-01', snapshot: 'latest', name, ...extra };
    return rig.snapflow.clone(request, { requestId: name });
  };
  const clonesOf = async (name: string) =>
    (await rig.control.ledger()).filter((effect) => effect.kind === 'clone' && effect.name === name);

  test.each(['reset', 'html', 'truncate', { status: 500 }, 'redirect'])(
    'because its reply was lost (%p) is adopted, not repeated',
    async (action) => {
      await rig.control.fault({ operation: 'linkedClone', position: 'after', action, count: 1 });
      const clone = await start();
      const { vmId, taskId } = await clone.result();
      expect(await clonesOf(clone.id)).toEqual([expect.objectContaining({ resultVm: vmId, task: taskId })]);
    },
  );

  test.each(['reset', 'html', { status: 502 }])(
    'because the call failed (%p) without an effect is posted again, once',
    async (action) => {
      await rig.control.fault({ operation: 'linkedClone', position: 'before', action, count: 1 });
      const clone = await start();
      const { vmId } = await clone.result();
      expect(await clonesOf(clone.id)).toEqual([expect.objectContaining({ resultVm: vmId })]);
    },
  );

  test.each(['upper', 'downLevel'])(
    'because its reply was lost, and tasks spell our account in another way (%s), is adopted, nobody is asked',
    async (taskUser) => {
      await rig.control.settings({ taskUser });
      await rig.control.fault({ operation: 'linkedClone', position: 'after', action: 'reset', count: 1 });
      const clone = await start();
      const { vmId, taskId } = await clone.result();
      expect(await clonesOf(clone.id)).toEqual([expect.objectContaining({ resultVm: vmId, task: taskId })]);
      await rig.control.settings({ taskUser: 'login' });
    },
  );

  test('because its reply was lost, and tasks leave out the domain of our account, is asked about and not repeated', async () => {
    await rig.control.settings({ taskUser: 'bare' });
    await rig.control.fault({ operation: 'linkedClone', position: 'after', action: 'reset', count: 1 });
    const clone = await start();
    await expect(clone.result()).rejects.toMatchObject({
      failure: {
        type: 'NeedsDecision',
        details: { why: expect.stringContaining('its account administrator') },
      },
    });
    expect(await clonesOf(clone.id)).toHaveLength(1);
    await rig.temporal.workflow.getHandle(clone.workflowId).terminate();
    await rig.control.settings({ taskUser: 'login' });
  });

  test('because the server acts after the caller was cut off is adopted', async () => {
    await rig.control.fault({
      operation: 'linkedClone',
      position: 'late',
      action: 'reset',
      lateMs: 500,
      count: 1,
    });
    const clone = await start();
    const { vmId } = await clone.result();
    expect(await clonesOf(clone.id)).toEqual([expect.objectContaining({ resultVm: vmId })]);
  });

  test('and whose effect comes between the two lists of a look is adopted, nobody is asked', async () => {
    const holdNextInventory = { operation: 'vm.list', action: 'hold', count: 1 };
    await rig.control.fault({
      operation: 'linkedClone',
      do: { path: '/faults', body: holdNextInventory },
      count: 1,
    });
    await rig.control.fault({ operation: 'linkedClone', position: 'late', lateMs: 1_500, count: 1 });
    const clone = await start();
    const hold = await eventually('the look has read the tasks, and reads the inventory', async () => {
      const [held] = await rig.control.holds();
      return held?.hold;
    });
    await eventually('the machine is there', async () => (await clonesOf(clone.id)).length > 0);
    await rig.control.release(hold);
    const { vmId } = await clone.result();
    expect(await clonesOf(clone.id)).toEqual([expect.objectContaining({ resultVm: vmId })]);
  });

  test('and whose task has a status that nobody knows is waited for, not repeated', async () => {
    await rig.control.settings({ cloneMs: 60_000 });
    await rig.control.fault({ operation: 'linkedClone', position: 'after', action: 'reset', count: 1 });
    const clone = await start();
    const taskId = await eventually('the task has begun', async () => {
      const { tasks } = await rig.control.state<{ tasks: readonly { task: string; status: string }[] }>();
      return tasks.find(({ status }) => status === 'RUNNING')?.task;
    });
    await rig.control.task(taskId, { status: 'CONTEMPLATING' });
    await eventually('the task is waited for', async () => (await clone.describe()).taskId === taskId);
    await rig.control.task(taskId, { status: 'SUCCEEDED' });
    await rig.control.settings({ cloneMs: 600 });
    const { vmId } = await clone.result();
    expect(await clonesOf(clone.id)).toEqual([expect.objectContaining({ resultVm: vmId })]);
  });

  test('and whose machine appears without its task needs a decision, and does what the operator says', async () => {
    await rig.control.fault({ operation: 'linkedClone', position: 'after', action: 'reset', count: 1 });
    const clone = await start();
    const [effect] = await eventually('the clone is made', async () => {
      const made = await clonesOf(clone.id);
      return made.length > 0 && made;
    });
    await rig.control.task(effect?.task ?? '', { hide: true });
    await expect(clone.result()).rejects.toMatchObject({ failure: { type: 'NeedsDecision' } });
    const handle = rig.temporal.workflow.getHandle(clone.workflowId);
    const { memo } = await handle.describe();
    const { runId, question } = (memo ?? {})['snapflowQuestion'] as { runId: string; question: number };
    const resolution = { kind: 'vm', vmId: effect?.resultVm };
    await expect(
      handle.executeUpdate('resolve', { args: [{ runId, question: question + 1, resolution }] }),
    ).rejects.toThrow();
    await handle.executeUpdate('resolve', { args: [{ runId, question, resolution }] });
    expect(await handle.result()).toMatchObject({ vmId: effect?.resultVm });
    expect(await clonesOf(clone.id)).toHaveLength(1);
  });
});

describe('a start that something on the way repeats', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig();
  });
  afterAll(() => rig.stop());

  test('cannot be prevented from making two clones: the result names one and warns of the other', async () => {
    await rig.control.fault({ operation: 'linkedClone', action: 'repeat', count: 1 });
    const request = { connection: rig.connection, vm: 'web-01', snapshot: 'latest', name: 'twice-1' };
    const clone = await rig.snapflow.clone(request);
    const { vmId } = await clone.result();
    const made = (await rig.control.ledger()).map(({ resultVm }) => resultVm);
    expect(made).toHaveLength(2);
    const other = made.find((each) => each !== vmId);
    expect((await clone.describe()).warnings).toEqual([
      {
        type: 'DuplicateSuspected',
        message: expect.stringMatching(new RegExp(`${vmId}, ${other} .*twice-1`)),
      },
    ]);
  });
});

describe('a start that is refused', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({ simulator: { maxClones: 1, cloneMs: 1_500 } });
  });
  afterAll(() => rig.stop());

  test('for lack of capacity is asked again until there is room', async () => {
    const request = { connection: rig.connection, vm: 'web-01', snapshot: 'latest' };
    const first = await rig.snapflow.clone({ ...request, name: 'cap-1' });
    const second = await rig.snapflow.clone({ ...request, name: 'cap-2' });
    await Promise.all([first.result(), second.result()]);
    const names = (await rig.control.ledger()).map(({ name }) => name);
    expect(names).toHaveLength(2);
    expect(names).toEqual(expect.arrayContaining(['cap-1', 'cap-2']));
  });

  test('because its session ended is posted after one new login', async () => {
    await rig.control.fault({
      operation: 'linkedClone',
      position: 'before',
      action: { status: 401, errorType: 'UNAUTHENTICATED' },
      count: 1,
    });
    const clone = await rig.snapflow.clone({
      connection: rig.connection,
      vm: 'web-01',
      snapshot: 'latest',
      name: 'login-1',
    });
    await clone.result();
    expect((await rig.control.ledger()).filter(({ name }) => name === 'login-1')).toHaveLength(1);
  });

  test('a session that ends just before a start is found by a read, and the start is posted once', async () => {
    const posts = async () => (await rig.control.calls()).calls['linkedClone'] ?? 0;
    const before = await posts();
    // The first one is the check of the request.
    const expire = { operation: 'appliance.session', do: { path: '/sessions/expire' }, skip: 1, count: 1 };
    await rig.control.fault(expire);
    const request = { connection: rig.connection, vm: 'web-01', snapshot: 'latest', name: 'expired-1' };
    await (await rig.snapflow.clone(request)).result();
    expect((await rig.control.faults()).at(-1)).toMatchObject({ fired: 1 });
    expect((await posts()) - before).toBe(1);
    expect((await rig.control.ledger()).filter(({ name }) => name === 'expired-1')).toHaveLength(1);
  });
});
