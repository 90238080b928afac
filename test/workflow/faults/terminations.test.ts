import type { OperationHandle } from '../../../src/client';
import { endOf, Scene } from './scene';

/** A request that an operator terminates, then another one of the same name. */
describe('a clone terminated', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.open({ simulator: { cloneMs: 800 }, operation: { quarantineMs: 500 } });
  });
  afterAll(() => scene.close());
  beforeEach(async () => void (await scene.clearFaults()));

  type Reach = (handle: OperationHandle) => Promise<(() => Promise<unknown>) | void>;
  const heldAt =
    (operation: string): Reach =>
    async () => {
      const hold = await scene.held(operation);
      return () => scene.rig.control.release(hold);
    };
  const waits: Reach = async (handle) => void (await scene.taskOf(handle));

  test.each<[string, Record<string, unknown> | undefined, Reach, boolean]>([
    ['in prepare', { operation: 'snapshots.list', action: 'hold' }, heldAt('snapshots.list'), false],
    ['with its post on its way', { operation: 'linkedClone', action: 'hold' }, heldAt('linkedClone'), true],
    ['in the wait', undefined, waits, true],
    ['in verify', { operation: 'vm.get', action: 'hold' }, heldAt('vm.get'), true],
  ])(
    '%s leaves at most its own machine: the next request of its name makes no second',
    async (title, rule, reach, made) => {
      const name = title.replaceAll(/[^a-z]+/g, '-');
      if (rule !== undefined) await scene.fault({ operation: '*', ...rule, count: 1 });
      const first = await scene.clone(name);
      const goOn = await reach(first);
      await scene.rig.temporal.workflow.getHandle(first.workflowId).terminate('test');
      const request = { connection: scene.rig.connection, vm: 'web-01', snapshot: 'latest', name };
      const next = await scene.rig.snapflow.clone(request, { requestId: `${name}-next` });
      await goOn?.();
      const end = await endOf(next);
      if (made) expect(end).toMatchObject({ type: 'NameTaken' });
      else expect(end).toMatchObject({ result: { name } });
      expect(await scene.cloneEffects(name)).toEqual(['clone']);
      expect(await endOf(first)).toMatchObject({ type: 'Terminated' });
    },
  );
});

describe('a revert terminated', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.open({ simulator: { revertMs: 1_500 }, operation: { quarantineMs: 500 } });
  });
  afterAll(() => scene.close());

  test.each([
    ['with its post on its way', 'web-01', 'vm-1001', true],
    ['in the wait', 'web-02', 'vm-1002', false],
  ])(
    '%s is waited for by the next revert of its machine: they never overlap',
    async (_title, vm, vmId, isHeld) => {
      await scene.clearFaults();
      if (isHeld) await scene.fault({ operation: 'revert', action: 'hold', count: 1 });
      const first = await scene.revert(vm);
      const hold = isHeld ? await scene.held('revert') : undefined;
      if (!isHeld) await scene.taskOf(first);
      await scene.rig.temporal.workflow.getHandle(first.workflowId).terminate('test');
      const next = await scene.revert(vm, {}, `next-${vm}`);
      if (hold !== undefined) await scene.rig.control.release(hold);
      const { taskId } = await next.result();
      const all = (await scene.rig.control.ledger()).filter((effect) => effect.vm === vmId);
      // Each takes its snapshot first: had they overlapped, the two snapshots would come before the two reverts.
      expect(all.map(({ kind }) => kind)).toEqual(['snapshot', 'revert', 'snapshot', 'revert']);
      expect(all.at(-1)?.task).toBe(taskId);
    },
  );
});
