import type { OperationHandle } from '../../../src/client';
import { endOf, openFaultEnvironment, type FaultEnvironment } from './fault-environment';

/** A post that is held until a deadline of 4 s has passed must still be within its attempt. */
const HELD_UNTIL_THE_DEADLINE = { startToCloseMs: 8_000 };

/** Where a revert is caught, what was done to its machine when it is stopped there, and how it is let go on. */
interface Stage {
  readonly catch: (env: FaultEnvironment) => Promise<unknown>;
  readonly reached: (
    env: FaultEnvironment,
    handle: OperationHandle,
  ) => Promise<(() => Promise<unknown>) | void>;
  readonly done: readonly string[];
  /** Long, where the stop is to come while the task runs. */
  readonly taskMs?: number;
  /** The service is full: starts wait for 5 s before one asks it again. */
  readonly isFull?: boolean;
}

/** The machine was running, so its undo ends with a power on. */
const UNDONE = ['revert', 'revert', 'power'];

const heldAt = (operation: string, done: readonly string[], skip = 0): Stage => ({
  catch: ({ fault }) => fault({ operation, action: 'hold', count: 1, skip }),
  reached: async (env) => {
    const hold = await env.held(operation);
    return () => env.control.release(hold);
  },
  done,
});

const IN_THE_WAIT: Stage = {
  catch: async () => undefined,
  reached: async ({ taskOf }, handle) => void (await taskOf(handle)),
  done: UNDONE,
  taskMs: 4_000,
};

const STAGES: Readonly<Record<string, Stage>> = {
  'in prepare': heldAt('snapshots.list', []),
  'in its first look': heldAt('power.get', []),
  'while it is refused for lack of capacity': {
    catch: ({ control }) => control.settings({ maxReverts: 0 }),
    reached: async ({ scheduled }, handle) => void (await scheduled(handle, 'startRevert')),
    done: [],
    isFull: true,
  },
  'in the start, before the post': heldAt('revert', UNDONE),
  'in the quarantine after a lost reply': {
    catch: ({ fault }) => fault({ operation: 'revert', position: 'after', action: 'reset', count: 1 }),
    reached: async ({ fired }) => void (await fired()),
    done: UNDONE,
    taskMs: 4_000,
  },
  'in the wait': IN_THE_WAIT,
  // Read before by the first look, and by the start itself.
  'in verify': heldAt('power.get', UNDONE, 2),
};

const MACHINES = ['web-01', 'web-02', 'web-03', 'web-04', 'web-05', 'web-06', 'app-01', 'app-02', 'app-03'];

describe('a revert', () => {
  let env: FaultEnvironment;
  let number = 0;
  let wasFull = false;
  beforeAll(async () => {
    env = await openFaultEnvironment({ operation: HELD_UNTIL_THE_DEADLINE, simulator: { revertMs: 700 } });
  });
  afterAll(() => env.close());
  beforeEach(async () => {
    await env.clearFaults();
    await env.control.settings({ maxReverts: 8 });
  });

  /** Each on another machine for as long as there are some; what others did to it before does not count. */
  const begin = async (
    { catch: catchIt, reached, taskMs = 300, isFull = false }: Stage,
    extra: Record<string, unknown> = {},
  ) => {
    if (wasFull)
      expect(await endOf(await env.revert('db-03', {}, `room-${number}`))).toHaveProperty('result');
    wasFull = isFull;
    await env.control.settings({ revertMs: taskMs });
    const index = number++ % MACHINES.length;
    const vmId = `vm-${1001 + index}`;
    await env.control.vm(vmId, { power: 'POWERED_ON' });
    const before = (await env.revertEffects(vmId)).length;
    await catchIt(env);
    const handle = await env.revert(MACHINES[index] ?? '', extra, `stop-${number}`);
    const goOn = await reached(env, handle);
    // For its undo.
    await env.control.settings({ revertMs: 300 });
    return { vmId, handle, goOn, effects: async () => (await env.revertEffects(vmId)).slice(before) };
  };

  test.each(Object.entries(STAGES))('cancelled %s is as it was', async (_title, stage) => {
    const { handle, goOn, effects } = await begin(stage);
    await handle.cancel();
    await goOn?.();
    expect(await endOf(handle)).toMatchObject({ type: 'Cancelled' });
    expect(await effects()).toEqual(stage.done);
  });

  test.each(Object.entries(STAGES))('whose deadline passes %s is as it was', async (_title, stage) => {
    const { handle, goOn, effects } = await begin(stage, { deadlineMs: 4_000 });
    await env.deadline(handle);
    await goOn?.();
    expect(await endOf(handle)).toMatchObject({
      type: 'DeadlineExceeded',
      message: expect.stringContaining('4000 ms'),
    });
    expect(await effects()).toEqual(stage.done);
  });

  test('cancelled in the wait with onCancel keep ends cancelled and stays reverted', async () => {
    const { handle, effects } = await begin(IN_THE_WAIT, { onCancel: 'keep' });
    await handle.cancel();
    expect(await endOf(handle)).toMatchObject({ type: 'Cancelled' });
    expect(await effects()).toEqual(['revert']);
  });

  test('cancelled while its power state is restored has passed the point of no return and succeeds', async () => {
    const { handle, goOn, effects } = await begin(heldAt('power.start', []), { restorePower: true });
    await handle.cancel();
    await goOn?.();
    expect(await endOf(handle)).toMatchObject({ result: { powerState: 'POWERED_ON' } });
    expect(await effects()).toEqual(['revert', 'power']);
  });

  test('whose deadline passes while it queues ends, and nothing was done', async () => {
    const first = await begin(IN_THE_WAIT);
    const vm = MACHINES[Number(first.vmId.slice(3)) - 1001] ?? '';
    const second = await env.revert(vm, { deadlineMs: 300 }, 'queued');
    expect(await endOf(second)).toMatchObject({ type: 'DeadlineExceeded' });
    expect(await endOf(first.handle)).toMatchObject({ result: { powerState: 'POWERED_OFF' } });
    expect(await first.effects()).toEqual(['revert']);
  });

  test('the reply of whose undo is lost is undone once', async () => {
    const { handle, effects } = await begin(IN_THE_WAIT);
    await env.fault({ operation: 'revert', position: 'after', action: 'reset', count: 1 });
    await handle.cancel();
    expect(await endOf(handle)).toMatchObject({ type: 'Cancelled' });
    expect(await effects()).toEqual(UNDONE);
  });

  test('whose undo has no room for a while is undone in the end, also when its session ends', async () => {
    const { handle, effects } = await begin(IN_THE_WAIT);
    await env.fault({ operation: 'revert', do: { path: '/sessions/expire' }, count: 1 });
    await env.fault({
      operation: 'revert',
      action: { status: 400, errorType: 'NOT_ALLOWED_IN_CURRENT_STATE' },
      count: 1,
      skip: 1,
    });
    await handle.cancel();
    expect(await endOf(handle)).toMatchObject({ type: 'Cancelled' });
    expect(await effects()).toEqual(UNDONE);
  });

  test('whose machine cannot be read before its undo shows as blocked, and is undone in the end', async () => {
    const { handle, effects, goOn } = await begin(heldAt('power.get', [], 2));
    await handle.cancel();
    await env.fault({
      operation: 'power.get',
      action: { status: 503, errorType: 'SERVICE_UNAVAILABLE' },
    });
    await goOn?.();
    await env.condition(handle, 'blocked');
    await env.clearFaults();
    expect(await endOf(handle)).toMatchObject({ type: 'Cancelled' });
    expect(await effects()).toEqual(UNDONE);
  });

  const systemSnapshots = async (vmId: string) =>
    (await env.control.ledger())
      .filter(({ kind, vm }) => kind === 'snapshot' && vm === vmId)
      .map(({ snapshot }) => snapshot ?? '');

  test.each([
    [
      'was powered on again',
      'POWERED_ON again',
      (vmId: string) => env.control.vm(vmId, { power: 'POWERED_ON' }),
    ],
    [
      'was reverted by somebody else',
      'snapshots were taken',
      async (vmId: string) => {
        const other = await env.otherUser();
        const [snapshot] = await systemSnapshots(vmId);
        await other.startRevert('domain-c8', vmId, { snapshot: snapshot ?? '' });
        await other.settled(vmId);
      },
    ],
  ])('whose machine %s since is not undone, and names the undo snapshot', async (_title, why, meddle) => {
    const { vmId, handle, goOn } = await begin(heldAt('power.get', [], 2));
    await handle.cancel();
    // The wait was cancelled, so verify reads the power state again; the undo then reads everything once more.
    await env.fault({ operation: 'power.get', action: 'hold', skip: 1, count: 1 });
    const known = await systemSnapshots(vmId);
    await goOn?.();
    const hold = await env.held('power.get');
    await meddle(vmId);
    await env.control.release(hold, { status: 503, errorType: 'SERVICE_UNAVAILABLE' });
    const undo = known.at(-1);
    expect(await endOf(handle)).toMatchObject({
      type: 'CompensationIncomplete',
      message: expect.stringContaining(why),
      details: { vmId, undoSnapshotId: undo },
    });
  });
});
