import { Snapflow, type OperationHandle } from '../../../src/client';
import { deletionWorkflowId } from '../../../src/contract/operations';
import { eventually } from '../../environment/eventually';
import { openEnvironment } from '../../environment/open-environment';
import type { ThreadEnvironment } from '../../environment/threads';
import { testServerAddress } from '../../environment/addresses';

let env: ThreadEnvironment;
const people: Snapflow[] = [];
beforeAll(async () => {
  env = await openEnvironment({ as: 'threads' });
});
afterAll(async () => {
  await Promise.all(people.map((each) => each.close()));
  await env.close();
});

/** Another caller of the same server. */
async function as(requester: string): Promise<Snapflow> {
  const snapflow = await Snapflow.connect({
    address: testServerAddress(),
    taskQueue: env.taskQueue,
    requester,
  });
  people.push(snapflow);
  return snapflow;
}

async function identities(workflowId: string): Promise<readonly string[]> {
  const { events } = await env.temporal.workflow.getHandle(workflowId).fetchHistory();
  return (events ?? []).flatMap((event) => {
    const identity =
      event.workflowExecutionStartedEventAttributes?.identity ??
      event.workflowExecutionCancelRequestedEventAttributes?.identity ??
      event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.meta?.identity;
    return typeof identity === 'string' ? [identity] : [];
  });
}

const operationOf = async (requester: string, id: string): Promise<OperationHandle> =>
  (await as(requester)).operation(id, { connection: env.connection });

test('a clone that one person starts and another deletes names both in Temporal and in status', async () => {
  const request = { connection: env.connection, vm: 'web-01', snapshot: 'latest', name: 'asked-1' };
  const clone = await (await as('alice@portal')).clone(request, { requestId: 'asked-1' });
  const { vmId } = await clone.result();
  const theirs = await operationOf('bob@portal', 'asked-1');
  await theirs.deleteVm();
  expect(
    (await env.control.ledger()).filter((row) => row.resultVm === vmId || row.vm === vmId),
  ).toMatchObject([{ kind: 'clone' }, { kind: 'delete' }]);
  expect(await identities(clone.workflowId)).toEqual(['alice@portal']);
  expect(await identities(deletionWorkflowId(env.connection, 'asked-1'))).toEqual(['bob@portal']);
  expect(await theirs.overview()).toMatchObject({ requester: 'alice@portal' });
});

test('a repeat by another person attaches: who asks is not part of what is asked', async () => {
  const request = { connection: env.connection, vm: 'web-01', snapshot: 'latest', name: 'asked-2' };
  const [first, second] = [await as('alice@portal'), await as('bob@portal')];
  const clone = await first.clone(request, { requestId: 'asked-2' });
  expect((await second.clone(request, { requestId: 'asked-2' })).runId).toBe(clone.runId);
  expect(await clone.overview()).toMatchObject({ requester: 'alice@portal' });
  await clone.result();
});

test('the cancel of another person is in the history of the clone, which says who began it', async () => {
  await env.control.settings({ cloneMs: 60_000 });
  const request = { connection: env.connection, vm: 'web-01', snapshot: 'latest', name: 'asked-3' };
  const clone = await (await as('alice@portal')).clone(request, { requestId: 'asked-3' });
  const taskId = await eventually('it waits for its task', async () => (await clone.describe()).taskId);
  await (await operationOf('bob@portal', 'asked-3')).cancel();
  await env.control.task(taskId, { status: 'FAILED' });
  await expect(clone.result()).rejects.toThrow();
  expect(await identities(clone.workflowId)).toEqual(['alice@portal', 'bob@portal']);
  await env.control.settings({ cloneMs: 300 });
});
