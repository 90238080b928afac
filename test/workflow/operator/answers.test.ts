import { type CloneHandle, RequestInvalid } from '../../../src/client';
import { RESOLVE_UPDATE, type NamingAnswer } from '../../../src/contract/resolve';
import { eventually } from '../../environment/eventually';
import { openEnvironment } from '../../environment/open-environment';
import type { ThreadEnvironment } from '../../environment/threads';
import { untilAsks } from '../until-asks';

const DATABASE = 'vm-1010';

let env: ThreadEnvironment;
beforeAll(async () => {
  env = await openEnvironment({
    as: 'threads',
    allow: { sources: ['web-*', 'app-*'], clones: ['ci-*', 'other-*'] },
  });
});
afterAll(() => env.close());
afterEach(async () => {
  await env.control.call('DELETE', '/faults');
  await env.control.settings({ cloneMs: 300 });
});

function start(name: string, again: boolean, more: object = {}): Promise<CloneHandle> {
  const request = { connection: env.connection, vm: 'web-01', snapshot: 'latest', name, ...more };
  return env.snapflow.clone(request, { requestId: name, again });
}

/** A clone with power on that was cancelled during its task, undone, and is run again: it asks, and knows no candidate. */
async function askingAgain(name: string): Promise<CloneHandle> {
  await env.control.settings({ cloneMs: 1_500 });
  const first = await start(name, false, { powerOn: true });
  await eventually('it waits for its task', async () => (await first.describe()).taskId);
  await first.cancel();
  await expect(first.result()).rejects.toMatchObject({ failure: { type: 'Cancelled' } });
  await env.control.settings({ cloneMs: 300 });
  const second = await start(name, true, { powerOn: true });
  await untilAsks(second);
  await expect(second.result()).rejects.toMatchObject({
    failure: { type: 'NeedsDecision', details: { candidates: [] } },
  });
  return second;
}

const changes = async () => (await env.control.ledger()).length;
async function refuses(clone: CloneHandle, answer: NamingAnswer, why: string) {
  const before = await changes();
  await expect(clone.resolve(answer)).rejects.toThrow(RequestInvalid);
  await expect(clone.resolve(answer)).rejects.toThrow(why);
  expect(await clone.describe()).toMatchObject({ state: 'needs-decision' });
  expect(await changes()).toBe(before);
}

test('a machine that is not what was asked for is refused as an answer, and is neither powered on nor returned', async () => {
  const clone = await askingAgain('ci-1');
  await refuses(clone, { kind: 'vm', vmId: DATABASE }, `vm is "${DATABASE}": ${DATABASE} is called`);
  await refuses(clone, { kind: 'vm', vmId: 'vm-1001' }, 'vm-1001 is the source');
  await refuses(clone, { kind: 'vm', vmId: 'vm-9999' }, 'vm-9999 does not exist');
  await clone.resolve({ kind: 'repeat' });
  const { vmId } = await clone.result();
  const powered = (await env.control.ledger()).filter(({ kind }) => kind === 'power');
  expect(powered).toEqual([expect.objectContaining({ vm: vmId })]);
});

test('the task of another clone is refused as an answer, and so its machine does not become this one’s', async () => {
  const other = await (await start('other-1', false, {})).result();
  const ofAnotherSource = await (await start('other-2', false, { vm: 'app-01' })).result();
  const clone = await askingAgain('ci-2');
  await refuses(clone, { kind: 'task', taskId: ofAnotherSource.taskId ?? '' }, 'not on vm-1001');
  await refuses(clone, { kind: 'task', taskId: other.taskId ?? '' }, `${other.vmId} is called "other-1"`);
  await refuses(clone, { kind: 'task', taskId: 'no-such-task' }, 'does not know it');
  await clone.resolve({ kind: 'abandon' });
});

test('a caller of its own, past the library, is refused by the run', async () => {
  const clone = await askingAgain('ci-3');
  const { runId, question } = (await clone.question())!;
  const before = await changes();
  const sent = env.temporal.workflow.getHandle(clone.workflowId, runId).executeUpdate(RESOLVE_UPDATE, {
    args: [{ runId, question, resolution: { kind: 'vm', vmId: DATABASE } }],
  });
  await expect(sent).rejects.toMatchObject({
    cause: { type: 'RequestInvalid', message: expect.stringContaining('the question stays open') },
  });
  expect(await changes()).toBe(before);
  await clone.resolve({ kind: 'abandon' });
});

test('a machine that cannot be checked now is refused, taken once vCenter answers, and undone by a cancel from before', async () => {
  await env.control.fault({ operation: 'linkedClone', position: 'after', action: 'reset', count: 1 });
  const clone = await start('ci-4', false);
  const made = await eventually('the clone is made', async () =>
    (await env.control.ledger()).find(({ name }) => name === 'ci-4'),
  );
  await env.control.task(made.task ?? '', { hide: true });
  await untilAsks(clone);
  await expect(clone.result()).rejects.toMatchObject({ failure: { type: 'NeedsDecision' } });
  await clone.cancel();
  const vmId = made.resultVm ?? '';
  await env.control.fault({ operation: 'vm.list', action: { status: 503 } });
  await expect(clone.resolve({ kind: 'vm', vmId })).rejects.toThrow(
    'it could not be checked, so answer again',
  );
  await env.control.call('DELETE', '/faults');
  await clone.resolve({ kind: 'vm', vmId });
  await expect(clone.result()).rejects.toMatchObject({ failure: { type: 'Cancelled' } });
  expect(
    (await env.control.ledger()).filter(({ vm, kind }) => vm === vmId && kind === 'delete'),
  ).toHaveLength(1);
}, 90_000);
