import type { RevertHandle } from '../../src/client';
import { eventually } from '../rig/eventually';
import { heldNext, killThenReplace } from './held-next';
import { inScene, type Scene } from './scene';

/** Start-to-close, quarantine, and the sticky time-out of a dead worker's cached workflow, twice where an undo follows. */
const CASE_MS = 90_000;
const VM_ID = 'vm-1001';

const startRevert = ({ snapflow, connection }: Scene, restorePower = false) =>
  snapflow.revert({ connection, vm: 'web-01', snapshot: 'nightly-0411', restorePower }, { requestId: 'r1' });

const kinds = async ({ control }: Scene): Promise<readonly string[]> =>
  (await control.ledger())
    .filter(({ vm, kind }) => vm === VM_ID && kind !== 'snapshot')
    .map(({ kind }) => kind);

const reverts = async ({ control }: Scene) =>
  (await control.ledger()).filter(({ kind }) => kind === 'revert');

const taskOf = (revert: RevertHandle): Promise<string> =>
  eventually('the revert waits for its task', async () => (await revert.describe()).taskId);

/** What must hold wherever the worker died: the machine was reverted once, by the task that the result names. */
async function expectOneRevert(scene: Scene, revert: RevertHandle): Promise<void> {
  const { taskId } = await revert.result();
  expect(await reverts(scene)).toEqual([expect.objectContaining({ vm: VM_ID, task: taskId })]);
  expect((await scene.control.calls()).calls['revert']).toBe(1);
}

describe('a worker that is killed in a revert', () => {
  test.concurrent(
    'when its post was accepted and the reply is under way: the task is adopted, never repeated',
    () =>
      inScene({}, async (scene) => {
        const posted = await heldNext(scene, 'revert', 'after');
        const revert = await startRevert(scene);
        await killThenReplace(scene, await posted());
        await expectOneRevert(scene, revert);
      }),
    CASE_MS,
  );

  test.concurrent(
    'when its post has left and takes effect after its death: the task is adopted, never repeated',
    () =>
      inScene({}, async (scene) => {
        const posted = await heldNext(scene, 'revert', 'before');
        const revert = await startRevert(scene);
        await killThenReplace(scene, await posted());
        await expectOneRevert(scene, revert);
      }),
    CASE_MS,
  );

  test.concurrent(
    'while it waits: another one waits for the same task',
    () =>
      inScene({}, async (scene) => {
        await scene.control.settings({ revertMs: 12_000 });
        const revert = await startRevert(scene);
        await taskOf(revert);
        await killThenReplace(scene);
        await expectOneRevert(scene, revert);
      }),
    CASE_MS,
  );

  test.concurrent(
    'when the power was accepted and the reply is under way: it ends powered on, reverted once',
    () =>
      inScene({}, async (scene) => {
        const powered = await heldNext(scene, 'power.start', 'after');
        const revert = await startRevert(scene, true);
        await killThenReplace(scene, await powered());
        expect(await revert.result()).toMatchObject({ powerState: 'POWERED_ON' });
        await expectOneRevert(scene, revert);
        expect(await kinds(scene)).toEqual(['revert', 'power']);
      }),
    CASE_MS,
  );

  test.concurrent(
    'when the undo of a cancelled one was accepted and the reply is under way: it is undone once',
    () =>
      inScene({}, async (scene) => {
        await scene.control.settings({ revertMs: 3_000 });
        const revert = await startRevert(scene);
        await taskOf(revert);
        const undone = await heldNext(scene, 'revert', 'after');
        await revert.cancel();
        await killThenReplace(scene, await undone());
        await expect(revert.result()).rejects.toMatchObject({ failure: { type: 'Cancelled' } });
        expect(await kinds(scene)).toEqual(['revert', 'revert', 'power']);
      }),
    CASE_MS,
  );
});
