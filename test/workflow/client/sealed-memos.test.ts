import { Client } from '@temporalio/client';
import { startOperation } from '../../../src/client/start';
import { CallsInFlight } from '../../../src/client/temporal-calls';
import { cloneNameLockId } from '../../../src/contract/operations';
import { testServerAddress } from '../../environment/addresses';
import { eventually } from '../../environment/eventually';
import { openEnvironment } from '../../environment/open-environment';
import type { ThreadEnvironment } from '../../environment/threads';
import { SEALING } from './sealing-codec';

jest.setTimeout(60_000);

/** Another program shares the namespace, and seals its memos. */
describe('beside runs whose memos do not decode', () => {
  let env: ThreadEnvironment;
  let sealed: Client;
  beforeAll(async () => {
    env = await openEnvironment({ as: 'threads' });
    const { connection } = env.temporal;
    sealed = new Client({ connection, dataConverter: { payloadCodecs: [SEALING] } });
  });
  afterAll(() => env.close());

  const request = (name: string, vm = 'web-01') => ({
    connection: env.connection,
    vm,
    snapshot: 'latest',
    name,
  });

  test('operations are listed, and the sealed one among them by its search attributes', async () => {
    const taskQueue = `${env.taskQueue}-unpolled`;
    const link = {
      client: sealed,
      calls: new CallsInFlight(),
      address: testServerAddress(),
      namespace: 'default',
      taskQueue,
      requester: 'a test',
      notice: () => {},
    };
    const asked = { operation: 'clone', requestId: 'sealed', reuse: 'REJECT_DUPLICATE' } as const;
    const { run: other } = await startOperation(link, { ...asked, request: request('theirs') });
    const ours = await env.snapflow.clone(request('ours'), { requestId: 'ours' });
    await ours.result();
    const rows = await eventually('both are listed', async () => {
      const found = (await env.snapflow.list({ vm: 'web-01' })).filter(({ workflowId }) =>
        workflowId.startsWith(`snapflow:${env.connection}:`),
      );
      return found.length === 2 && found;
    });
    const theirs = rows.find(({ workflowId }) => workflowId === other.workflowId);
    expect(theirs).toMatchObject({ isMemoUnread: true, vm: 'web-01', name: 'theirs', snapshot: '' });
    expect(rows.find(({ id }) => id === 'ours')).toMatchObject({ state: 'succeeded', snapshot: 'latest' });
    expect(rows.find(({ id }) => id === 'ours')).not.toHaveProperty('isMemoUnread');
    const handle = await env.snapflow.operation('sealed', { connection: env.connection });
    expect(await handle.describe()).toMatchObject({ state: 'running', operation: 'clone' });
    for (const check of ['operations', 'locks'] as const)
      expect((await env.snapflow.doctor()).find((each) => each.check === check)?.message).not.toContain(
        'could not be looked at',
      );
    await sealed.workflow.getHandle(other.workflowId).terminate();
  });

  test('a clone whose lock id such a run has says so, and goes on once that has ended', async () => {
    const lockId = cloneNameLockId(env.connection, 'occupied');
    const memo = { note: 'sealed' };
    await sealed.workflow.start('somethingElse', { workflowId: lockId, taskQueue: 'nobody', memo });
    const handle = await env.snapflow.clone(request('occupied'), { requestId: 'occupied' });
    const { message } = await eventually('it is queued with a reason', async () => {
      const status = await handle.overview();
      return status.status.condition === 'queued' && status.message !== undefined && status;
    });
    expect(message).toContain("somethingElse has the lock's id");
    await sealed.workflow.getHandle(lockId).terminate();
    await expect(handle.result()).resolves.toMatchObject({ name: 'occupied' });
  });
});
