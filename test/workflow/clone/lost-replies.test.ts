import { eventually } from '../../environment/eventually';
import { openEnvironment } from '../../environment/open-environment';
import type { ThreadEnvironment } from '../../environment/threads';
import { untilAsks } from '../until-asks';

describe('a start whose outcome is unknown', () => {
  let env: ThreadEnvironment;
  let number = 0;
  beforeAll(async () => {
    env = await openEnvironment({ as: 'threads' });
  });
  afterAll(() => env.close());
  afterEach(() => env.control.call('DELETE', '/faults'));

  const start = (extra: Record<string, unknown> = {}) => {
    const name = `lost-${++number}`;
    const request = { connection: env.connection, vm: 'web-01', snapshot: 'latest', name, ...extra };
    return env.snapflow.clone(request, { requestId: name });
  };
  const clonesOf = async (name: string) =>
    (await env.control.ledger()).filter((effect) => effect.kind === 'clone' && effect.name === name);

  test.each(['reset', 'html', 'truncate', { status: 500 }, 'redirect'])(
    'because its reply was lost (%p) is adopted, not repeated',
    async (action) => {
      await env.control.fault({ operation: 'linkedClone', position: 'after', action, count: 1 });
      const clone = await start();
      const { vmId, taskId } = await clone.result();
      expect(await clonesOf(clone.id)).toEqual([expect.objectContaining({ resultVm: vmId, task: taskId })]);
    },
  );

  test.each(['reset', 'html', { status: 502 }])(
    'because the call failed (%p) without an effect is posted again, once',
    async (action) => {
      await env.control.fault({ operation: 'linkedClone', position: 'before', action, count: 1 });
      const clone = await start();
      const { vmId } = await clone.result();
      expect(await clonesOf(clone.id)).toEqual([expect.objectContaining({ resultVm: vmId })]);
    },
  );

  test.each(['upper', 'downLevel'])(
    'because its reply was lost, and tasks spell our account in another way (%s), is adopted, nobody is asked',
    async (taskUser) => {
      await env.control.settings({ taskUser });
      await env.control.fault({ operation: 'linkedClone', position: 'after', action: 'reset', count: 1 });
      const clone = await start();
      const { vmId, taskId } = await clone.result();
      expect(await clonesOf(clone.id)).toEqual([expect.objectContaining({ resultVm: vmId, task: taskId })]);
      await env.control.settings({ taskUser: 'login' });
    },
  );

  test('because its reply was lost, and tasks leave out the domain of our account, is asked about and not repeated', async () => {
    await env.control.settings({ taskUser: 'bare' });
    await env.control.fault({ operation: 'linkedClone', position: 'after', action: 'reset', count: 1 });
    const clone = await start();
    await untilAsks(clone);
    await expect(clone.result()).rejects.toMatchObject({
      failure: {
        type: 'NeedsDecision',
        details: { why: expect.stringContaining('its account administrator') },
      },
    });
    expect(await clonesOf(clone.id)).toHaveLength(1);
    await env.temporal.workflow.getHandle(clone.workflowId).terminate();
    await env.control.settings({ taskUser: 'login' });
  });

  test('because its reply was lost, and tasks name no account, is asked about and not repeated', async () => {
    await env.control.settings({ taskUser: 'absent' });
    await env.control.fault({ operation: 'linkedClone', position: 'after', action: 'reset', count: 1 });
    const clone = await start();
    await untilAsks(clone);
    await expect(clone.result()).rejects.toMatchObject({
      failure: {
        type: 'NeedsDecision',
        details: { why: expect.stringContaining('did what was asked, and it names no account') },
      },
    });
    expect(await clonesOf(clone.id)).toHaveLength(1);
    await env.temporal.workflow.getHandle(clone.workflowId).terminate();
    await env.control.settings({ taskUser: 'login' });
  });

  test('because the server acts after the caller was cut off is adopted', async () => {
    await env.control.fault({
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
    await env.control.fault({
      operation: 'linkedClone',
      do: { path: '/faults', body: holdNextInventory },
      count: 1,
    });
    await env.control.fault({ operation: 'linkedClone', position: 'late', lateMs: 1_500, count: 1 });
    const clone = await start();
    const hold = await eventually('the look has read the tasks, and reads the inventory', async () => {
      const [held] = await env.control.holds();
      return held?.hold;
    });
    await eventually('the machine is there', async () => (await clonesOf(clone.id)).length > 0);
    await env.control.release(hold);
    const { vmId } = await clone.result();
    expect(await clonesOf(clone.id)).toEqual([expect.objectContaining({ resultVm: vmId })]);
  });

  test('and whose task has a status that nobody knows is waited for, not repeated', async () => {
    await env.control.settings({ cloneMs: 60_000 });
    await env.control.fault({
      operation: 'linkedClone',
      position: 'after',
      action: 'reset',
      count: 1,
    });
    const clone = await start();
    const taskId = await eventually('the task has begun', async () => {
      const { tasks } = await env.control.state<{
        tasks: readonly { task: string; status: string }[];
      }>();
      return tasks.find(({ status }) => status === 'RUNNING')?.task;
    });
    await env.control.task(taskId, { status: 'CONTEMPLATING' });
    await eventually('the task is waited for', async () => (await clone.describe()).taskId === taskId);
    await env.control.task(taskId, { status: 'SUCCEEDED' });
    await env.control.settings({ cloneMs: 600 });
    const { vmId } = await clone.result();
    expect(await clonesOf(clone.id)).toEqual([expect.objectContaining({ resultVm: vmId })]);
  });

  test('and whose machine appears without its task needs a decision, and does what the operator says', async () => {
    await env.control.fault({ operation: 'linkedClone', position: 'after', action: 'reset', count: 1 });
    const clone = await start();
    const [effect] = await eventually('the clone is made', async () => {
      const made = await clonesOf(clone.id);
      return made.length > 0 && made;
    });
    await env.control.task(effect?.task ?? '', { hide: true });
    await untilAsks(clone);
    await expect(clone.result()).rejects.toMatchObject({ failure: { type: 'NeedsDecision' } });
    const handle = env.temporal.workflow.getHandle(clone.workflowId);
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
  let env: ThreadEnvironment;
  beforeAll(async () => {
    env = await openEnvironment({ as: 'threads' });
  });
  afterAll(() => env.close());

  test('cannot be prevented from making two clones: the result names one and warns of the other', async () => {
    await env.control.fault({ operation: 'linkedClone', action: 'repeat', count: 1 });
    const request = { connection: env.connection, vm: 'web-01', snapshot: 'latest', name: 'twice-1' };
    const clone = await env.snapflow.clone(request);
    const { vmId } = await clone.result();
    const made = (await env.control.ledger()).map(({ resultVm }) => resultVm);
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
  let env: ThreadEnvironment;
  beforeAll(async () => {
    env = await openEnvironment({ as: 'threads', simulator: { maxClones: 1, cloneMs: 1_500 } });
  });
  afterAll(() => env.close());

  test('for lack of capacity is asked again until there is room', async () => {
    const request = { connection: env.connection, vm: 'web-01', snapshot: 'latest' };
    const first = await env.snapflow.clone({ ...request, name: 'cap-1' });
    const second = await env.snapflow.clone({ ...request, name: 'cap-2' });
    await Promise.all([first.result(), second.result()]);
    const names = (await env.control.ledger()).map(({ name }) => name);
    expect(names).toHaveLength(2);
    expect(names).toEqual(expect.arrayContaining(['cap-1', 'cap-2']));
  });

  test('because its session ended is posted after one new login', async () => {
    await env.control.fault({
      operation: 'linkedClone',
      position: 'before',
      action: { status: 401, errorType: 'UNAUTHENTICATED' },
      count: 1,
    });
    const clone = await env.snapflow.clone({
      connection: env.connection,
      vm: 'web-01',
      snapshot: 'latest',
      name: 'login-1',
    });
    await clone.result();
    expect((await env.control.ledger()).filter(({ name }) => name === 'login-1')).toHaveLength(1);
  });

  test('a session that ends just before a start is found by a read, and the start is posted once', async () => {
    const posts = async () => (await env.control.calls()).calls['linkedClone'] ?? 0;
    const before = await posts();
    // The first one is the check of the request.
    const expire = { operation: 'appliance.session', do: { path: '/sessions/expire' }, skip: 1, count: 1 };
    await env.control.fault(expire);
    // Of another machine: clones alike within two seconds share what they read.
    const request = { connection: env.connection, vm: 'web-03', snapshot: 'latest', name: 'expired-1' };
    await (await env.snapflow.clone(request)).result();
    expect((await env.control.faults()).at(-1)).toMatchObject({ fired: 1 });
    expect((await posts()) - before).toBe(1);
    expect((await env.control.ledger()).filter(({ name }) => name === 'expired-1')).toHaveLength(1);
  });
});
