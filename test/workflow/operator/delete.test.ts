import { DeletionRefused } from '../../../src/client';
import { deletionWorkflowId } from '../../../src/contract/operations';
import { eventually } from '../../environment/eventually';
import { openEnvironment } from '../../environment/open-environment';
import type { ThreadEnvironment } from '../../environment/threads';

let env: ThreadEnvironment;
let number = 0;
beforeAll(async () => {
  env = await openEnvironment({ as: 'threads' });
});
afterAll(() => env.close());

const request = (name: string) => ({ connection: env.connection, vm: 'web-01', snapshot: 'latest', name });
async function finishedClone() {
  const name = `del-${++number}`;
  const clone = await env.snapflow.clone(request(name), { requestId: name });
  return { clone, name, vmId: (await clone.result()).vmId };
}
const effectsOn = async (vmId: string) =>
  (await env.control.ledger())
    .filter(({ vm, resultVm }) => vm === vmId || resultVm === vmId)
    .map(({ kind }) => kind);

describe('the deletion of what a clone made', () => {
  test('deletes that machine once, and asked again finds it gone', async () => {
    const { clone, name, vmId } = await finishedClone();
    expect(await clone.deleteVm()).toEqual({ vmId, name, outcome: 'deleted' });
    expect(await clone.deleteVm()).toEqual({ vmId, name, outcome: 'already-gone' });
    expect(await effectsOn(vmId)).toEqual(['clone', 'delete']);
  });

  test('asked for twice at once is one deletion', async () => {
    const { clone, vmId } = await finishedClone();
    await Promise.all([clone.deleteVm(), clone.deleteVm()]);
    expect(await effectsOn(vmId)).toEqual(['clone', 'delete']);
  });

  test.each([
    ['powered on', { power: 'POWERED_ON' }, 'it is POWERED_ON'],
    ['renamed', { name: 'kept-by-somebody' }, 'it was renamed to kept-by-somebody'],
  ])('keeps a machine that was %s, and names it', async (_title, change, why) => {
    const { clone, name, vmId } = await finishedClone();
    await env.control.vm(vmId, change);
    await expect(clone.deleteVm()).rejects.toMatchObject({
      failure: {
        type: 'CompensationIncomplete',
        message: `The clone ${name} (${vmId}) was not deleted: ${why}.`,
        details: { vmId, name },
      },
    });
    expect(await effectsOn(vmId)).not.toContain('delete');
  });

  test('is refused for a clone that runs or failed, and for a revert', async () => {
    await env.control.settings({ cloneMs: 60_000 });
    const running = await env.snapflow.clone(request('del-running'), { requestId: 'del-running' });
    const taskId = await eventually('it waits', async () => (await running.describe()).taskId);
    await expect(running.deleteVm()).rejects.toThrow('is running, so nothing of it is deleted');
    await env.control.task(taskId, { status: 'FAILED' });
    await env.control.settings({ cloneMs: 300 });
    await expect(running.result()).rejects.toMatchObject({ failure: { type: 'TaskFailed' } });
    await expect(running.deleteVm()).rejects.toThrow(DeletionRefused);
    const { connection } = env;
    const revert = await env.snapflow.revert({ connection, vm: 'web-02', snapshot: 'latest' });
    await revert.result();
    await expect(revert.deleteVm()).rejects.toThrow('is a revert: it made no machine');
  });

  test('believes the clone’s own record, not its caller', async () => {
    const { clone, vmId } = await finishedClone();
    const other = await finishedClone();
    const ask = (workflowId: string, machine: string) =>
      env.temporal.workflow.execute('deleteVmOfClone', {
        taskQueue: env.taskQueue,
        workflowId,
        args: [{ requestId: clone.id, connection: env.connection, vmId: machine }],
      });
    const id = deletionWorkflowId(env.connection, clone.id);
    await expect(ask(id, other.vmId)).rejects.toMatchObject({
      cause: {
        cause: { type: 'RequestInvalid', message: expect.stringContaining(`its machine is ${vmId}`) },
      },
    });
    await expect(ask(`${id}-b`, vmId)).rejects.toMatchObject({ cause: { type: 'WorkflowInvalid' } });
    expect(await effectsOn(other.vmId)).toEqual(['clone']);
    expect(await effectsOn(vmId)).toEqual(['clone']);
  });
});
