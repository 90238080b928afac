import type { OperationHandle } from '../../../src/client';
import { resetRun } from '../reset-run';
import { endOf, openFaultEnvironment, type FaultEnvironment } from './fault-environment';

/** A request that an operator terminates, then another one of the same name. */
describe('a clone terminated', () => {
  let env: FaultEnvironment;
  beforeAll(async () => {
    env = await openFaultEnvironment({ simulator: { cloneMs: 800 }, operation: { quarantineMs: 500 } });
  });
  afterAll(() => env.close());
  beforeEach(async () => void (await env.clearFaults()));
  afterEach(() => env.control.settings({ cloneMs: 800 }));

  type Reach = (handle: OperationHandle) => Promise<(() => Promise<unknown>) | void>;
  const heldAt =
    (operation: string): Reach =>
    async () => {
      const hold = await env.held(operation);
      return () => env.control.release(hold);
    };
  const waits: Reach = async (handle) => void (await env.taskOf(handle));

  /** Resets the run while it prepares, and lets the new one come to its post. */
  const resetAtPost: Reach = async (handle) => {
    const prepare = await env.held('snapshots.list');
    const [first] = (await env.events(handle.workflowId)).filter(
      (event) => event.workflowTaskCompletedEventAttributes,
    );
    // Longer than it takes to release the lock, which the reset run leaves; shorter than what a last call is waited out for.
    await env.control.settings({ cloneMs: 3_000 });
    await env.fault({ operation: 'linkedClone', action: 'hold', count: 1 });
    await resetRun(env, handle, Number(first?.eventId));
    await env.control.release(prepare);
    return heldAt('linkedClone')(handle);
  };

  test.each<[string, Record<string, unknown> | undefined, Reach, boolean]>([
    [
      'after a reset, with the post of the new run on its way',
      { operation: 'snapshots.list', action: 'hold' },
      resetAtPost,
      true,
    ],
    ['in prepare', { operation: 'snapshots.list', action: 'hold' }, heldAt('snapshots.list'), false],
    ['with its post on its way', { operation: 'linkedClone', action: 'hold' }, heldAt('linkedClone'), true],
    ['in the wait', undefined, waits, true],
    ['in verify', { operation: 'vm.get', action: 'hold' }, heldAt('vm.get'), true],
  ])(
    '%s leaves at most its own machine: the next request of its name makes no second',
    async (title, rule, reach, made) => {
      const name = title.replaceAll(/[^a-z]+/g, '-').slice(0, 40);
      if (rule !== undefined) await env.fault({ operation: '*', ...rule, count: 1 });
      const first = await env.clone(name);
      const goOn = await reach(first);
      await env.temporal.workflow.getHandle(first.workflowId).terminate('test');
      const request = { connection: env.connection, vm: 'web-01', snapshot: 'latest', name };
      const next = await env.snapflow.clone(request, { requestId: `${name}-next` });
      await goOn?.();
      const end = await endOf(next);
      if (made) expect(end).toMatchObject({ type: 'NameTaken' });
      else expect(end).toMatchObject({ result: { name } });
      expect(await env.cloneEffects(name)).toEqual(['clone']);
      expect(await endOf(first)).toMatchObject({ type: 'Terminated' });
    },
  );
});

describe('a clone terminated in the wait for a task that outlasts its safety wait', () => {
  let env: FaultEnvironment;
  beforeAll(async () => {
    env = await openFaultEnvironment({ simulator: { cloneMs: 9_000 }, operation: { quarantineMs: 500 } });
  });
  afterAll(() => env.close());

  test('is waited for by the next request of its name, which makes no second machine', async () => {
    const first = await env.clone('outlasts');
    const taskId = await env.taskOf(first);
    await env.temporal.workflow.getHandle(first.workflowId).terminate('test');
    const request = { connection: env.connection, vm: 'web-01', snapshot: 'latest', name: 'outlasts' };
    const next = await env.snapflow.clone(request, { requestId: 'outlasts-next' });
    await env.condition(next, 'queued');
    expect(await endOf(next)).toMatchObject({ type: 'NameTaken' });
    const made = (await env.control.ledger()).filter(({ kind }) => kind === 'clone');
    expect(made).toEqual([expect.objectContaining({ name: 'outlasts', task: taskId })]);
  });
});

describe('a revert terminated', () => {
  let env: FaultEnvironment;
  beforeAll(async () => {
    env = await openFaultEnvironment({ simulator: { revertMs: 1_500 }, operation: { quarantineMs: 500 } });
  });
  afterAll(() => env.close());

  test.each([
    ['with its post on its way', 'web-01', 'vm-1001', true],
    ['in the wait', 'web-02', 'vm-1002', false],
  ])(
    '%s is waited for by the next revert of its machine: they never overlap',
    async (_title, vm, vmId, isHeld) => {
      await env.clearFaults();
      if (isHeld) await env.fault({ operation: 'revert', action: 'hold', count: 1 });
      const first = await env.revert(vm);
      const hold = isHeld ? await env.held('revert') : undefined;
      if (!isHeld) await env.taskOf(first);
      await env.temporal.workflow.getHandle(first.workflowId).terminate('test');
      const next = await env.revert(vm, {}, `next-${vm}`);
      if (hold !== undefined) await env.control.release(hold);
      const { taskId } = await next.result();
      const all = (await env.control.ledger()).filter((effect) => effect.vm === vmId);
      // Each takes its snapshot first: had they overlapped, the two snapshots would come before the two reverts.
      expect(all.map(({ kind }) => kind)).toEqual(['snapshot', 'revert', 'snapshot', 'revert']);
      expect(all.at(-1)?.task).toBe(taskId);
    },
  );
});
