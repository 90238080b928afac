import type { OperationHandle } from '../../../src/client';
import { endOf, openFaultEnvironment, type FaultEnvironment } from './fault-environment';

/** A post that is held until a deadline of 4 s has passed must still be within its attempt. */
const HELD_UNTIL_THE_DEADLINE = { startToCloseMs: 8_000 };

/** Where a clone is caught, what it left when it is stopped there, and how it is let go on. */
interface Stage {
  readonly extra?: Record<string, unknown>;
  readonly catch: (env: FaultEnvironment, name: string) => Promise<void>;
  /** Waits until it is there; what it returns lets it go on. */
  readonly reached: (
    env: FaultEnvironment,
    handle: OperationHandle,
  ) => Promise<(() => Promise<unknown>) | void>;
  readonly left: readonly string[];
  /** Long, where the stop is to come while the task runs. */
  readonly taskMs?: number;
  /** The service is full: starts wait for 5 s before one asks it again. */
  readonly isFull?: boolean;
}

const heldAt = (operation: string, position: 'before' | 'after', left: readonly string[]): Stage => ({
  catch: async ({ fault }) => void (await fault({ operation, position, action: 'hold', count: 1 })),
  reached: async (env) => {
    const hold = await env.held(operation);
    return () => env.control.release(hold);
  },
  left,
});

const IN_THE_WAIT: Stage = {
  catch: async () => undefined,
  reached: async ({ taskOf }, handle) => void (await taskOf(handle)),
  left: ['clone', 'delete'],
  taskMs: 4_000,
};

const STAGES: Readonly<Record<string, Stage>> = {
  'in prepare': heldAt('snapshots.list', 'before', []),
  'while it is refused for lack of capacity': {
    catch: async ({ control }) => void (await control.settings({ maxClones: 0 })),
    reached: async ({ scheduled }, handle) => void (await scheduled(handle, 'startLinkedClone')),
    left: [],
    isFull: true,
  },
  'in the start, before the post': heldAt('linkedClone', 'before', ['clone', 'delete']),
  'in the quarantine after a lost reply': {
    catch: async ({ fault }) =>
      void (await fault({ operation: 'linkedClone', position: 'after', action: 'reset', count: 1 })),
    reached: async ({ fired }) => void (await fired()),
    left: ['clone', 'delete'],
    taskMs: 4_000,
  },
  'in the wait': IN_THE_WAIT,
  'in verify': heldAt('vm.get', 'before', ['clone', 'delete']),
};

describe('a clone', () => {
  let env: FaultEnvironment;
  let number = 0;
  let wasFull = false;
  beforeAll(async () => {
    env = await openFaultEnvironment({ operation: HELD_UNTIL_THE_DEADLINE, simulator: { cloneMs: 900 } });
  });
  afterAll(() => env.close());
  beforeEach(async () => {
    await env.clearFaults();
    await env.control.settings({ maxClones: 8 });
  });

  const begin = async (
    { catch: catchIt, reached, taskMs = 300, isFull = false }: Stage,
    extra: Record<string, unknown> = {},
  ) => {
    const name = `stop-${++number}`;
    if (wasFull) expect(await endOf(await env.clone(`room-${number}`))).toHaveProperty('result');
    wasFull = isFull;
    await env.control.settings({ cloneMs: taskMs });
    await catchIt(env, name);
    const handle = await env.clone(name, extra);
    return { name, handle, goOn: await reached(env, handle) };
  };

  test.each(Object.entries(STAGES))('cancelled %s leaves nothing', async (_title, stage) => {
    const { name, handle, goOn } = await begin(stage);
    await handle.cancel();
    await goOn?.();
    expect(await endOf(handle)).toMatchObject({ type: 'Cancelled' });
    expect(await env.cloneEffects(name)).toEqual(stage.left);
  });

  test.each(Object.entries(STAGES))('whose deadline passes %s leaves nothing', async (_title, stage) => {
    // Long enough to reach every step also on a busy machine.
    const deadlineMs = 4_000;
    const { name, handle, goOn } = await begin(stage, { deadlineMs });
    await env.deadline(handle);
    await goOn?.();
    expect(await endOf(handle)).toMatchObject({
      type: 'DeadlineExceeded',
      message: expect.stringContaining('4000 ms'),
    });
    expect(await env.cloneEffects(name)).toEqual(stage.left);
  });

  test('cancelled in the wait with onCancel keep ends cancelled and keeps its machine', async () => {
    const { name, handle } = await begin(IN_THE_WAIT, { onCancel: 'keep' });
    await handle.cancel();
    expect(await endOf(handle)).toMatchObject({ type: 'Cancelled' });
    expect(await env.cloneEffects(name)).toEqual(['clone']);
  });

  test('cancelled while it is powered on has passed the point of no return and succeeds', async () => {
    const stage = heldAt('power.start', 'before', []);
    const { name, handle, goOn } = await begin(stage, { powerOn: true });
    await handle.cancel();
    await goOn?.();
    expect(await endOf(handle)).toMatchObject({ result: { name } });
    expect(await env.cloneEffects(name)).toEqual(['clone', 'power']);
  });

  test('cancelled in the wait, whose machine the inventory shows late, is undone all the same', async () => {
    const { name, handle } = await begin(IN_THE_WAIT);
    await env.control.settings({ visibilityDelayMs: 800 });
    await handle.cancel();
    expect(await endOf(handle)).toMatchObject({ type: 'Cancelled' });
    expect(await env.cloneEffects(name)).toEqual(['clone', 'delete']);
    await env.control.settings({ visibilityDelayMs: 0 });
  });

  test('cancelled again during its undo is undone all the same', async () => {
    const { name, handle } = await begin(IN_THE_WAIT);
    await env.fault({ operation: 'vm.delete', action: 'hold', count: 1 });
    await handle.cancel();
    const hold = await env.held('vm.delete');
    await handle.cancel();
    await env.control.release(hold);
    expect(await endOf(handle)).toMatchObject({ type: 'Cancelled' });
    expect(await env.cloneEffects(name)).toEqual(['clone', 'delete']);
  });

  test('whose undo is refused for a while shows as blocked, and is undone in the end', async () => {
    const { name, handle } = await begin(IN_THE_WAIT);
    await env.fault({
      operation: 'vm.delete',
      action: { status: 503, errorType: 'SERVICE_UNAVAILABLE' },
    });
    await handle.cancel();
    await env.condition(handle, 'blocked');
    await env.clearFaults();
    expect(await endOf(handle)).toMatchObject({ type: 'Cancelled' });
    expect(await env.cloneEffects(name)).toEqual(['clone', 'delete']);
  });

  test('whose session ends in the wait and again before its undo logs in anew and is undone', async () => {
    const { name, handle } = await begin(IN_THE_WAIT);
    await env.control.expireSessions();
    await env.fault({
      operation: 'vm.list',
      do: { path: '/sessions/expire' },
      count: 1,
    });
    await handle.cancel();
    expect(await endOf(handle)).toMatchObject({ type: 'Cancelled' });
    expect(await env.cloneEffects(name)).toEqual(['clone', 'delete']);
  });

  test.each([
    ['was powered on', { power: 'POWERED_ON' }, 'POWERED_ON'],
    ['was renamed', { name: 'theirs' }, 'renamed to theirs'],
    ['was moved', { cluster: 'cluster-02' }, 'moved to another folder or cluster'],
  ])('whose machine %s before its undo keeps and names it', async (_title, change, why) => {
    const stage = heldAt('vm.get', 'before', []);
    const { name, handle, goOn } = await begin(stage);
    await handle.cancel();
    const made = (await env.control.ledger()).find((effect) => effect.name === name);
    await env.control.vm(made?.resultVm ?? '', change);
    await goOn?.();
    expect(await endOf(handle)).toMatchObject({
      type: 'CompensationIncomplete',
      message: expect.stringContaining(why),
      details: { vmId: made?.resultVm },
    });
    expect(await env.cloneEffects(name)).toEqual(['clone']);
    if ('name' in change) await env.control.vm(made?.resultVm ?? '', { name: `was-${name}` });
  });

  test('whose deadline has passed before its post is not posted, however late the timer fires', async () => {
    await env.control.settings({ cloneMs: 300 });
    const clone = await env.clone('at-once', { deadlineMs: 1 });
    expect(await endOf(clone)).toMatchObject({ type: 'DeadlineExceeded' });
    expect(await env.cloneEffects('at-once')).toEqual([]);
  });

  test('whose deadline passes while it queues ends, and nothing is left', async () => {
    await env.control.settings({ cloneMs: 2_000 });
    const first = await env.clone('queue-1');
    await env.taskOf(first);
    const request = { connection: env.connection, vm: 'web-01', snapshot: 'latest', name: 'queue-1' };
    const second = await env.snapflow.clone({ ...request, deadlineMs: 300 }, { requestId: 'queue-2' });
    expect(await endOf(second)).toMatchObject({ type: 'DeadlineExceeded' });
    expect(await endOf(first)).toMatchObject({ result: { name: 'queue-1' } });
    expect(await env.cloneEffects('queue-1')).toEqual(['clone']);
  });
});
