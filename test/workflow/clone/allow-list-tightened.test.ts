import type { OperationHandle } from '../../../src/client';
import type { AllowList } from '../../../src/contract/activities';
import { eventually } from '../../environment/eventually';
import { openEnvironment } from '../../environment/open-environment';
import type { ThreadEnvironment } from '../../environment/threads';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
const WIDE = { sources: ['web-*'], clones: ['ci-*'], clusters: ['cluster-01'], folders: ['vm'] };
const allow: Mutable<AllowList> = {};

let env: ThreadEnvironment;
beforeAll(async () => {
  env = await openEnvironment({ as: 'threads', allow });
});
afterAll(() => env.close());
beforeEach(() => void Object.assign(allow, WIDE));
afterEach(async () => {
  await env.control.call('DELETE', '/faults');
  await env.control.settings({ cloneMs: 300, revertMs: 300 });
});

/** What a deployment with another configuration does. */
async function tighten(change: AllowList): Promise<void> {
  await env.stopWorkers();
  Object.assign(allow, change);
  await env.startWorkers();
}

function clone(name: string, more: object = {}) {
  const request = { connection: env.connection, vm: 'web-01', snapshot: 'latest', name, ...more };
  return env.snapflow.clone(request, { requestId: name });
}
const kinds = async (of: string) =>
  (await env.control.ledger())
    .filter(({ name, vm, resultVm }) => [name, vm, resultVm].includes(of))
    .map(({ kind }) => kind);
const itsTask = (operation: OperationHandle) =>
  eventually('it waits for its task', async () => (await operation.describe()).taskId);
const failsWith = (operation: OperationHandle, type: string, words: string) =>
  expect(operation.result()).rejects.toMatchObject({
    failure: { type, message: expect.stringContaining(words) },
  });

test('a clone that waits for room while the list is tightened is not posted, and says so', async () => {
  const noRoom = { status: 400, errorType: 'NOT_ALLOWED_IN_CURRENT_STATE' };
  await env.control.fault({ operation: 'linkedClone', action: noRoom });
  const waiting = await clone('ci-1');
  await eventually('it was refused', async () => ((await env.control.calls()).calls['linkedClone'] ?? 0) > 0);
  await tighten({ clones: ['dev-*'] });
  await env.control.call('DELETE', '/faults');
  await failsWith(waiting, 'NotAllowed', 'nothing was posted: connection');
  expect(await kinds('ci-1')).toEqual([]);
}, 60_000);

test('a clone that is cancelled after the list was tightened is kept, and named', async () => {
  await env.control.settings({ cloneMs: 4_000 });
  const running = await clone('ci-2');
  await itsTask(running);
  await tighten({ folders: ['elsewhere'] });
  await running.cancel();
  await failsWith(running, 'CompensationIncomplete', 'was not deleted: connection');
  expect(await kinds('ci-2')).toEqual(['clone']);
}, 60_000);

test('a clone that is to be powered on after the list was tightened is neither powered on nor deleted', async () => {
  await env.control.settings({ cloneMs: 4_000 });
  const running = await clone('ci-3', { powerOn: true, onFailure: 'keep' });
  await itsTask(running);
  await tighten({ clusters: ['cluster-02'] });
  await failsWith(running, 'PowerOnFailed', 'was not powered on: connection');
  const made = (await env.control.ledger()).find(({ name }) => name === 'ci-3')?.resultVm ?? '';
  expect(await kinds(made)).toEqual(['clone']);
}, 60_000);

test('a revert that is cancelled after the list was tightened is not undone, and names its undo snapshot', async () => {
  await env.control.settings({ revertMs: 4_000 });
  const request = { connection: env.connection, vm: 'web-02', snapshot: 'nightly-0411' };
  const running = await env.snapflow.revert(request, { requestId: 'revert-1' });
  await itsTask(running);
  await tighten({ sources: ['app-*'] });
  await running.cancel();
  await failsWith(running, 'CompensationIncomplete', 'does not allow vm "web-02"');
  await failsWith(running, 'CompensationIncomplete', 'its state from before is snapshot');
  expect((await kinds('vm-1002')).filter((kind) => kind === 'revert')).toHaveLength(1);
}, 60_000);

test('a finished clone is not deleted after the list was tightened', async () => {
  const done = await clone('ci-4');
  const { vmId } = await done.result();
  await tighten({ clones: ['dev-*'] });
  await expect(done.deleteVm()).rejects.toMatchObject({
    failure: {
      type: 'CompensationIncomplete',
      message: expect.stringContaining('does not allow name "ci-4"'),
    },
  });
  expect(await kinds(vmId)).toEqual(['clone']);
}, 60_000);
