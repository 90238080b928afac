import type { RevertHandle } from '../../src/client';
import { eventually } from '../environment/eventually';
import { heldNext, killThenReplace } from './held-next';
import type { ProcessEnvironment } from '../environment/processes';
import { inEnvironment } from './in-environment';

/** Start-to-close, quarantine, and the sticky time-out of a dead worker's cached workflow, twice where an undo follows. */
const CASE_MS = 90_000;
const VM_ID = 'vm-1001';

const startRevert = ({ snapflow, connection }: ProcessEnvironment, restorePower = false) =>
  snapflow.revert({ connection, vm: 'web-01', snapshot: 'nightly-0411', restorePower }, { requestId: 'r1' });

const kinds = async ({ control }: ProcessEnvironment): Promise<readonly string[]> =>
  (await control.ledger())
    .filter(({ vm, kind }) => vm === VM_ID && kind !== 'snapshot')
    .map(({ kind }) => kind);

const reverts = async ({ control }: ProcessEnvironment) =>
  (await control.ledger()).filter(({ kind }) => kind === 'revert');

const taskOf = (revert: RevertHandle): Promise<string> =>
  eventually('the revert waits for its task', async () => (await revert.describe()).taskId);

/** What must hold wherever the worker died: the machine was reverted once, by the task that the result names. */
async function expectOneRevert(env: ProcessEnvironment, revert: RevertHandle): Promise<void> {
  const { taskId } = await revert.result();
  expect(await reverts(env)).toEqual([expect.objectContaining({ vm: VM_ID, task: taskId })]);
  expect((await env.control.calls()).calls['revert']).toBe(1);
}

describe('a worker that is killed in a revert', () => {
  test.concurrent(
    'when its post was accepted and the reply is under way: the task is adopted, never repeated',
    () =>
      inEnvironment({}, async (env) => {
        const posted = await heldNext(env, 'revert', 'after');
        const revert = await startRevert(env);
        await killThenReplace(env, await posted());
        await expectOneRevert(env, revert);
      }),
    CASE_MS,
  );

  test.concurrent(
    'when its post has left and takes effect after its death: the task is adopted, never repeated',
    () =>
      inEnvironment({}, async (env) => {
        const posted = await heldNext(env, 'revert', 'before');
        const revert = await startRevert(env);
        await killThenReplace(env, await posted());
        await expectOneRevert(env, revert);
      }),
    CASE_MS,
  );

  test.concurrent(
    'while it waits: another one waits for the same task',
    () =>
      inEnvironment({}, async (env) => {
        await env.control.settings({ revertMs: 12_000 });
        const revert = await startRevert(env);
        await taskOf(revert);
        await killThenReplace(env);
        await expectOneRevert(env, revert);
      }),
    CASE_MS,
  );

  test.concurrent(
    'when the power was accepted and the reply is under way: it ends powered on, reverted once',
    () =>
      inEnvironment({}, async (env) => {
        const powered = await heldNext(env, 'power.start', 'after');
        const revert = await startRevert(env, true);
        await killThenReplace(env, await powered());
        expect(await revert.result()).toMatchObject({ powerState: 'POWERED_ON' });
        await expectOneRevert(env, revert);
        expect(await kinds(env)).toEqual(['revert', 'power']);
      }),
    CASE_MS,
  );

  test.concurrent(
    'when the undo of a cancelled one was accepted and the reply is under way: it is undone once',
    () =>
      inEnvironment({}, async (env) => {
        await env.control.settings({ revertMs: 3_000 });
        const revert = await startRevert(env);
        await taskOf(revert);
        const undone = await heldNext(env, 'revert', 'after');
        await revert.cancel();
        await killThenReplace(env, await undone());
        await expect(revert.result()).rejects.toMatchObject({ failure: { type: 'Cancelled' } });
        expect(await kinds(env)).toEqual(['revert', 'revert', 'power']);
      }),
    CASE_MS,
  );
});
