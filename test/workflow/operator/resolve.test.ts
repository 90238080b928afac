import {
  ResolutionRefused,
  RequestInvalid,
  type OperationHandle,
  type Resolution,
} from '../../../src/client';
import { CallsInFlight } from '../../../src/client/temporal-calls';
import { sendResolution } from '../../../src/client/resolve';
import { RESOLVE_UPDATE } from '../../../src/contract/resolve';
import { eventually } from '../../environment/eventually';
import { resetRun } from '../reset-run';
import { openEnvironment } from '../../environment/open-environment';
import type { ThreadEnvironment } from '../../environment/threads';
import { untilAsks } from '../until-asks';

let env: ThreadEnvironment;
let number = 0;
beforeAll(async () => {
  env = await openEnvironment({ as: 'threads' });
});
afterAll(() => env.close());
afterEach(() => env.control.call('DELETE', '/faults'));

const effects = async (kind: 'clone' | 'revert', of: string) =>
  (await env.control.ledger()).filter(
    (effect) => effect.kind === kind && [effect.name, effect.vm].includes(of),
  );

/** A clone whose reply was lost and whose task no list shows: only its machine is to be seen. */
async function needyClone() {
  await env.control.fault({ operation: 'linkedClone', position: 'after', action: 'reset', count: 1 });
  const name = `needy-${++number}`;
  const request = { connection: env.connection, vm: 'web-01', snapshot: 'latest', name };
  const clone = await env.snapflow.clone(request, { requestId: name });
  const made = await eventually('the clone is made', async () => (await effects('clone', name))[0]);
  await env.control.task(made.task ?? '', { hide: true });
  const decide = `decide with snapflow resolve ${clone.id} --connection ${env.connection}.`;
  await untilAsks(clone);
  await expect(clone.result()).rejects.toMatchObject({
    failure: { type: 'NeedsDecision', message: expect.stringContaining(decide) },
  });
  return { clone, vmId: made.resultVm ?? '', taskId: made.task ?? '' };
}

/** A revert whose reply was lost and whose task no list shows: only the service's snapshot is to be seen. */
async function needyRevert(vm: string, vmId: string) {
  await env.control.fault({ operation: 'revert', position: 'after', action: 'reset', count: 1 });
  const revert = await env.snapflow.revert(
    { connection: env.connection, vm, snapshot: 'nightly-0411' },
    { requestId: `needy-${++number}` },
  );
  const done = await eventually('the revert is done', async () => (await effects('revert', vmId))[0]);
  await env.control.task(done.task ?? '', { hide: true });
  await untilAsks(revert);
  await expect(revert.result()).rejects.toMatchObject({ failure: { type: 'NeedsDecision' } });
  return { revert, taskId: done.task ?? '' };
}

describe('an operation that needs a decision', () => {
  test('says why and the candidates, and takes the machine that the operator names', async () => {
    const { clone, vmId } = await needyClone();
    const question = await clone.question();
    expect(question).toMatchObject({ why: expect.stringContaining(vmId), candidates: [vmId] });
    const { failure } = await clone.describe();
    expect(failure).toMatchObject({ type: 'NeedsDecision', details: { candidates: [vmId] } });
    expect(await clone.resolve({ kind: 'vm', vmId })).toEqual(question);
    expect(await clone.result()).toMatchObject({ vmId, name: clone.id });
    expect(await effects('clone', clone.id)).toHaveLength(1);
  });

  test('takes the task that the operator names, and its end decides', async () => {
    const { clone, vmId, taskId } = await needyClone();
    await clone.resolve({ kind: 'task', taskId });
    expect(await clone.result()).toMatchObject({ vmId, taskId });
    expect(await effects('clone', clone.id)).toHaveLength(1);
  });

  test('is made again when the operator says that there was no effect', async () => {
    const { clone, vmId } = await needyClone();
    await env.control.call('DELETE', `/vms/${vmId}`);
    await clone.resolve({ kind: 'repeat' });
    const again = await clone.result();
    expect(again.vmId).not.toBe(vmId);
    expect((await effects('clone', clone.id)).map(({ resultVm }) => resultVm)).toEqual([vmId, again.vmId]);
  });

  test('is given up with its candidates named and nothing deleted', async () => {
    const { clone, vmId } = await needyClone();
    await clone.resolve({ kind: 'abandon' });
    await expect(clone.result()).rejects.toMatchObject({
      failure: { type: 'OutcomeUnknown', details: { candidates: [vmId] } },
    });
    expect((await env.control.ledger()).filter(({ kind }) => kind === 'delete')).toEqual([]);
  });

  test('as a revert that has happened is verified and names its undo snapshot', async () => {
    const { revert } = await needyRevert('web-02', 'vm-1002');
    await revert.resolve({ kind: 'done' });
    const result = await revert.result();
    expect(result).toMatchObject({ powerState: 'POWERED_OFF', undoSnapshotId: expect.any(String) });
    expect(result.taskId).toBeUndefined();
    expect(await effects('revert', 'vm-1002')).toHaveLength(1);
  });

  test('as a revert takes the task that the operator names', async () => {
    const { revert, taskId } = await needyRevert('web-03', 'vm-1003');
    await revert.resolve({ kind: 'task', taskId });
    expect(await revert.result()).toMatchObject({ taskId });
    expect(await effects('revert', 'vm-1003')).toHaveLength(1);
  });

  test('refuses a decision that is not for it, and asks on', async () => {
    const { clone, vmId } = await needyClone();
    await expect(clone.resolve({ kind: 'done' })).rejects.toThrow(RequestInvalid);
    await expect(clone.resolve({ kind: 'vm', vmId: 'vm-9' })).rejects.toThrow(
      `vm is "vm-9": give one of the candidates ${vmId}.`,
    );
    expect(await clone.describe()).toMatchObject({ state: 'needs-decision' });
    await clone.resolve({ kind: 'abandon' });
  });

  test.each<[object, string]>([
    [{ kind: 'vm' }, 'vm is missing: give the id of a machine'],
    [{ kind: 'task', taskId: 'a\u0007b' }, 'task is "a\\u{0007}b": give the id of a task'],
  ])('refuses %j of a caller of its own, and takes a proper answer afterwards', async (resolution, words) => {
    const { clone, vmId } = await needyClone();
    const { runId, question } = (await clone.question())!;
    const run = env.temporal.workflow.getHandle(clone.workflowId, runId);
    const sent = run.executeUpdate(RESOLVE_UPDATE, { args: [{ runId, question, resolution }] });
    await expect(sent).rejects.toMatchObject({
      cause: { type: 'RequestInvalid', message: expect.stringContaining(words) },
    });
    expect(await clone.describe()).toMatchObject({ state: 'needs-decision' });
    await clone.resolve({ kind: 'vm', vmId });
    expect(await clone.result()).toMatchObject({ vmId });
  });

  test('takes the first of two answers that arrive together, and refuses the second', async () => {
    const { clone, vmId } = await needyClone();
    const { runId, question } = (await clone.question())!;
    const run = env.temporal.workflow.getHandle(clone.workflowId, runId);
    const send = (resolution: Resolution) =>
      run.executeUpdate(RESOLVE_UPDATE, { args: [{ runId, question, resolution }] }).then(
        () => resolution,
        () => undefined,
      );
    // Both wait for a worker, so that one activation brings them.
    await env.stopWorkers();
    const answers = [send({ kind: 'abandon' }), send({ kind: 'vm', vmId })];
    await env.startWorkers();
    const taken = (await Promise.all(answers)).filter((answer) => answer !== undefined);
    expect(taken).toHaveLength(1);
    const end = clone.result().then(
      () => 'vm',
      () => 'abandon',
    );
    expect(await end).toBe(taken[0]?.kind);
  });

  test('takes an answer after a reset to its last workflow task, which keeps the memo of the earlier run', async () => {
    const { clone, vmId } = await needyClone();
    const earlier = env.temporal.workflow.getHandle(clone.workflowId, clone.runId);
    const tasks = async () =>
      ((await earlier.fetchHistory()).events ?? []).filter(
        ({ workflowTaskCompletedEventAttributes: completed }) => completed != null,
      );
    const asking = (await tasks()).length;
    // Any signal makes another workflow task, after the one that asked.
    await earlier.signal('nudge');
    const last = await eventually('the signal is taken', async () => (await tasks())[asking]);
    const runId = await resetRun(env, clone, Number(last.eventId));
    await eventually('it asks on', async () => (await clone.question())?.runId === runId);
    expect(await clone.resolve({ kind: 'vm', vmId })).toMatchObject({ runId });
    expect(await clone.result()).toMatchObject({ vmId });
  });

  test('ignores the answer to a question that it does not ask any more', async () => {
    const { clone } = await needyClone();
    const question = await clone.question();
    const link = {
      client: env.temporal,
      calls: new CallsInFlight(),
      address: '',
      namespace: 'default',
      taskQueue: env.taskQueue,
      requester: 'alice@ci',
      notice: () => {},
    };
    const resolution: Resolution = { kind: 'repeat' };
    const stale = { runId: question?.runId ?? '', question: (question?.question ?? 0) + 1, resolution };
    const sent = sendResolution(link, clone.workflowId, stale, undefined);
    await expect(sent).rejects.toThrow(ResolutionRefused);
    await expect(sent).rejects.toThrow('does not ask that question any more');
    expect(await clone.describe()).toMatchObject({ state: 'needs-decision' });
    await clone.resolve({ kind: 'abandon' });
  });
});

test('an operation that needs no decision refuses one, running or finished', async () => {
  await env.control.settings({ cloneMs: 1_500 });
  const request = { connection: env.connection, vm: 'web-01', snapshot: 'latest', name: 'calm-1' };
  const clone: OperationHandle = await env.snapflow.clone(request, { requestId: 'calm-1' });
  await eventually('it waits for its task', async () => (await clone.describe()).taskId !== undefined);
  expect(await clone.question()).toBeUndefined();
  await expect(clone.resolve({ kind: 'repeat' })).rejects.toThrow(
    'The operation calm-1 needs no decision: it is running.',
  );
  await clone.result();
  await expect(clone.resolve({ kind: 'abandon' })).rejects.toThrow(ResolutionRefused);
  await env.control.settings({ cloneMs: 300 });
});
