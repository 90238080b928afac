import { omitUndefined } from '../../../src/contract/omit-undefined';
import type { CloneHandle, LinkedCloneRequest } from '../../../src/client';
import { LOCK_WORKFLOW, MEMO, OPERATIONS, requestWorkflowId } from '../../../src/contract/operations';
import { NONCE, nonceOfUuid } from '../../../src/contract/own-names';
import { eventually } from '../../environment/eventually';
import { openEnvironment } from '../../environment/open-environment';
import type { ThreadEnvironment } from '../../environment/threads';

describe('a clone that asks for a name of its own', () => {
  let env: ThreadEnvironment;
  beforeAll(async () => {
    env = await openEnvironment({ as: 'threads' });
  });
  afterAll(() => env.close());
  afterEach(async () => {
    await env.control.call('DELETE', '/faults');
    await env.control.settings({ cloneMs: 300 });
  });

  const asked = (name: string): LinkedCloneRequest => ({
    connection: env.connection,
    vm: 'web-01',
    snapshot: 'latest',
    name,
    uniqueName: true,
  });
  /** What was made of a name, whatever its suffix. */
  const made = async (name: string) =>
    (await env.control.ledger()).filter((effect) => effect.kind === 'clone' && effect.name?.startsWith(name));
  const itsTask = (clone: CloneHandle) =>
    eventually('it waits for its task', async () => (await clone.describe()).taskId);
  const memoName = async (clone: Pick<CloneHandle, 'workflowId'>) =>
    (await env.temporal.workflow.getHandle(clone.workflowId).describe()).memo?.[MEMO.name];
  /** As a program in another language starts it: without a nonce. */
  const startByHand = (name: string, again?: { readonly afterRunId: string }) => {
    const request = asked(name);
    return env.temporal.workflow.start(OPERATIONS.clone.workflow, {
      taskQueue: env.taskQueue,
      workflowId: requestWorkflowId(env.connection, name),
      args: [{ requestId: name, request, ...omitUndefined({ again }) }],
      memo: { [MEMO.request]: request },
    });
  };

  test('beside one that asks alike at the same moment gets a machine of its own, and waits for no lock', async () => {
    const clones = await Promise.all([1, 2].map(() => env.snapflow.clone(asked('own-twins'))));
    const results = await Promise.all(clones.map((clone) => clone.result()));
    const effects = await made('own-twins');
    expect(new Set(effects.map(({ resultVm }) => resultVm))).toEqual(
      new Set(results.map(({ vmId }) => vmId)),
    );
    expect(effects).toHaveLength(2);
    expect(new Set(effects.map(({ name }) => name)).size).toBe(2);
    for (const [nth, clone] of clones.entries()) {
      expect(clone.id).toBe(clone.name);
      expect(results[nth]?.name).toBe(clone.name);
      const { events } = await env.temporal.workflow.getHandle(clone.workflowId).fetchHistory();
      const children = events?.map(
        (event) => event.startChildWorkflowExecutionInitiatedEventAttributes?.workflowType?.name,
      );
      expect(children).not.toContain(LOCK_WORKFLOW);
    }
  });

  test('after one that asked alike has ended gets a machine of its own', async () => {
    const first = await (await env.snapflow.clone(asked('own-later'))).result();
    const second = await (await env.snapflow.clone(asked('own-later'))).result();
    expect(second.vmId).not.toBe(first.vmId);
    expect(await made('own-later')).toHaveLength(2);
  });

  test('under a request id that another caller has started is that one, with its name, and one machine is made', async () => {
    const options = { requestId: `own-shared-${env.unique}` };
    const clones = await Promise.all([1, 2].map(() => env.snapflow.clone(asked('own-shared'), options)));
    const [{ vmId } = { vmId: '' }] = await Promise.all(clones.map((clone) => clone.result()));
    const [effect, ...more] = await made('own-shared');
    expect(more).toEqual([]);
    expect(effect).toMatchObject({ resultVm: vmId, name: clones[0]?.name });
    expect(clones.map(({ name }) => name)).toEqual([effect?.name, effect?.name]);
    const attached = await env.snapflow.operation(options.requestId, { connection: env.connection });
    expect(attached.name).toBe(effect?.name);
    expect((await attached.describe()).name).toBe(effect?.name);
  });

  test('from a caller without a nonce is named by its run, and its memo tells the name', async () => {
    const handle = await startByHand('own-by-hand');
    const { name } = (await handle.result()) as { readonly name: string };
    expect(name).toBe(`own-by-hand-${nonceOfUuid(handle.firstExecutionRunId)}`);
    expect(await memoName(handle)).toBe(name);
    expect(await made('own-by-hand')).toEqual([expect.objectContaining({ name })]);
  });

  test('and is run again after a termination keeps its name and adopts what its first run has begun', async () => {
    await env.control.settings({ cloneMs: 1_500 });
    const options = { requestId: `own-again-${env.unique}` };
    const first = await env.snapflow.clone(asked('own-again'), options);
    const taskId = await itsTask(first);
    await env.temporal.workflow.getHandle(first.workflowId).terminate('a test');
    const second = await env.snapflow.clone(asked('own-again'), { ...options, again: true });
    expect(second.name).toBe(first.name);
    expect(await second.result()).toMatchObject({ taskId, name: first.name });
    expect(await made('own-again')).toHaveLength(1);
  });

  test('from a caller without a nonce and is run again keeps the name that its first run has recorded', async () => {
    await env.control.settings({ cloneMs: 1_500 });
    const first = await startByHand('own-by-hand-again');
    const name = await eventually('its name is known', async () => memoName(first));
    await eventually('its task runs', async () =>
      (await env.control.ledger()).some((each) => each.name === name),
    );
    await first.terminate('a test');
    const second = await startByHand('own-by-hand-again', { afterRunId: first.firstExecutionRunId });
    expect(await second.result()).toMatchObject({ name });
    expect(await made('own-by-hand-again')).toHaveLength(1);
  });

  test('that is taken when it is prepared ends as NameTaken, and nothing is made', async () => {
    const { name: _, uniqueName: __, ...plain } = asked('');
    const name = 'own-taken-k3f9x2ab';
    const other = await env.snapflow.clone({ ...plain, name }, { requestId: `own-taken-${env.unique}` });
    const { vmId } = await other.result();
    const clone = await env.snapflow.clone(asked('own-taken'), { nonce: 'k3f9x2ab' });
    await expect(clone.result()).rejects.toMatchObject({
      failure: { type: 'NameTaken', details: { value: name, vmId } },
    });
    expect(await made('own-taken')).toHaveLength(1);
  });

  test('plans a name whose suffix is not made yet', async () => {
    expect(await env.snapflow.plan(asked('ci-42'))).toMatchObject({ name: 'ci-42-????????' });
  });

  test('and is to be run again without its request id is refused before anything is started', async () => {
    await expect(env.snapflow.clone(asked('own-lost'), { again: true })).rejects.toMatchObject({
      problems: [{ field: 'requestId' }],
    });
  });

  test('and a nonce that is none is refused before anything is started', async () => {
    await expect(env.snapflow.clone(asked('own-odd'), { nonce: 'K3F9' })).rejects.toMatchObject({
      problems: [{ field: 'nonce', value: '"K3F9"' }],
    });
    expect(NONCE.test('K3F9')).toBe(false);
  });

  test('whose reply is lost, and whose task no list shows, is the machine of its name: nobody is asked', async () => {
    await env.control.fault({ operation: 'linkedClone', position: 'after', action: 'reset', count: 1 });
    const clone = await env.snapflow.clone(asked('own-hidden'));
    const [effect] = await eventually('the clone is made', async () => {
      const effects = await made('own-hidden');
      return effects.length > 0 && effects;
    });
    await env.control.task(effect?.task ?? '', { hide: true });
    const result = await clone.result();
    expect(result).toMatchObject({ vmId: effect?.resultVm, name: clone.name });
    expect(result.taskId).toBeUndefined();
    expect(await made('own-hidden')).toHaveLength(1);
  });

  test('whose reply is lost, and whose task names an account that may be another one, is the machine of its name with that task', async () => {
    await env.control.settings({ taskUser: 'bare' });
    await env.control.fault({ operation: 'linkedClone', position: 'after', action: 'reset', count: 1 });
    const clone = await env.snapflow.clone(asked('own-anonymous'));
    const { vmId, taskId } = await clone.result();
    expect(await made('own-anonymous')).toEqual([expect.objectContaining({ resultVm: vmId, task: taskId })]);
    await env.control.settings({ taskUser: 'login' });
  });

  test('whose call is delivered twice, and so answered as ALREADY_EXISTS, is what the first delivery made', async () => {
    await env.control.fault({
      operation: 'linkedClone',
      position: 'after',
      action: { status: 400, errorType: 'ALREADY_EXISTS' },
      count: 1,
    });
    const clone = await env.snapflow.clone(asked('own-twice'));
    const { vmId, taskId } = await clone.result();
    expect(await made('own-twice')).toEqual([expect.objectContaining({ resultVm: vmId, task: taskId })]);
  });

  test('whose two calls in flight both make a machine is one of them, and a warning names the other', async () => {
    await env.control.fault({ operation: 'linkedClone', action: 'repeat', count: 1 });
    const clone = await env.snapflow.clone(asked('own-both'));
    const { vmId } = await clone.result();
    const machines = (await made('own-both')).map(({ resultVm }) => resultVm);
    expect(machines).toContain(vmId);
    const { warnings = [] } = await clone.describe();
    const other = machines.find((machine) => machine !== vmId);
    expect(warnings).toEqual([
      { type: 'DuplicateSuspected', message: expect.stringContaining(other ?? 'a second machine') },
    ]);
  });

  test('and is cancelled while its outcome is unknown deletes the machine of its name, and no other one', async () => {
    await env.control.fault({ operation: 'linkedClone', position: 'after', action: 'reset', count: 1 });
    const clone = await env.snapflow.clone(asked('own-cancelled'));
    const [effect] = await eventually('the clone is made', async () => {
      const effects = await made('own-cancelled');
      return effects.length > 0 && effects;
    });
    await env.control.task(effect?.task ?? '', { hide: true });
    await clone.cancel();
    await expect(clone.result()).rejects.toMatchObject({ failure: { type: 'Cancelled' } });
    const deleted = (await env.control.ledger()).filter(({ kind }) => kind === 'delete').map(({ vm }) => vm);
    expect(deleted).toEqual([effect?.resultVm]);
  });
});
