import { RequestInvalid } from '../../../src/client';
import { eventually } from '../../environment/eventually';
import { openEnvironment } from '../../environment/open-environment';
import type { ThreadEnvironment } from '../../environment/threads';
import { untilAsks } from '../until-asks';

let env: ThreadEnvironment;
beforeAll(async () => {
  // A wait shows as blocked after half a minute; so long it is, however short the budget.
  env = await openEnvironment({
    as: 'threads',
    operation: { waitBudgetMs: 2_000 },
    simulator: { cloneMs: 600_000, revertMs: 600_000 },
  });
});
afterAll(() => env.close());

const taskOn = (vm: string): Promise<string> =>
  eventually(`a task on ${vm}`, async () => {
    const { tasks } = await env.control.state();
    return tasks.find((task) => task.vm === vm)?.task;
  });

test('a task of a status that nobody knows is an operator’s question in the end, and no second start an answer', async () => {
  const { connection } = env;
  const of = { connection, snapshot: 'nightly-0411' } as const;
  const clone = await env.snapflow.clone({ ...of, vm: 'web-01', name: 'odd' }, { requestId: 'odd-clone' });
  const revert = await env.snapflow.revert({ ...of, vm: 'web-02' }, { requestId: 'odd-revert' });
  const [cloning, reverting] = [await taskOn('vm-1001'), await taskOn('vm-1002')];
  for (const taskId of [cloning, reverting]) await env.control.task(taskId, { status: 'CONTEMPLATING' });
  for (const { operation, taskId } of [
    { operation: clone, taskId: cloning },
    { operation: revert, taskId: reverting },
  ]) {
    await untilAsks(operation);
    await expect(operation.result()).rejects.toMatchObject({
      failure: {
        type: 'NeedsDecision',
        message: expect.stringContaining('"CONTEMPLATING"'),
        details: { candidates: [taskId] },
      },
    });
    await expect(operation.resolve({ kind: 'repeat' })).rejects.toThrow(RequestInvalid);
  }
  // A release that knows the status, or a service that got well: the task is waited for as before.
  await env.control.task(cloning, { status: 'SUCCEEDED' });
  await clone.resolve({ kind: 'task', taskId: cloning });
  expect(await clone.result()).toMatchObject({ taskId: cloning, name: 'odd' });
  await revert.resolve({ kind: 'abandon' });
  await expect(revert.result()).rejects.toMatchObject({
    failure: { type: 'OutcomeUnknown', details: { candidates: [reverting] } },
  });
  const posts = (await env.control.calls()).calls;
  expect([posts['linkedClone'], posts['revert']]).toEqual([1, 1]);
}, 120_000);
