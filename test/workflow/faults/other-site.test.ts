import type { OperationHandle } from '../../../src/client';
import { eventually } from '../../environment/eventually';
import { openEnvironment } from '../../environment/open-environment';
import { endOf, openFaultEnvironment, type FaultEnvironment } from './fault-environment';

jest.setTimeout(180_000);

const HERE = '3c9ef1d2-7a54-4b0e-9a67-5e2f0c1b8d43';
const ELSEWHERE = '9b1c7f60-2d3e-4f5a-8b7c-6d5e4f3a2b1c';

/** The workers start anew, so that they read the site's identity anew. */
async function moveTo(env: FaultEnvironment, instanceUuid: string): Promise<void> {
  await env.stopWorkers();
  await env.control.settings({ instanceUuid });
  await env.startWorkers();
}

describe('two workers of different sites on one queue', () => {
  test('a clone or revert has its effect once, on the site that it began on, or is refused with none', async () => {
    const env = await openFaultEnvironment();
    const other = await openEnvironment({
      as: 'threads',
      sharing: env,
      simulator: { instanceUuid: ELSEWHERE, seed: 2 },
    });
    const names = Array.from({ length: 8 }, (_, number) => `mixed-${number}`);
    const machines = ['web-02', 'web-03', 'app-04'];
    const handles = [
      ...(await Promise.all(names.map((name) => env.clone(name)))),
      ...(await Promise.all(machines.map((vm) => env.revert(vm)))),
    ];
    const ends = await Promise.all(handles.map(endOf));
    const ledgers = [await env.control.ledger(), await other.control.ledger()];
    const effects = ledgers.map((ledger) => ledger.filter(({ kind }) => kind !== 'snapshot'));
    for (const [index, { result, type, message }] of ends.entries()) {
      const task = result?.['taskId'];
      if (result === undefined)
        expect([type, message]).toEqual(['UnknownConnection', expect.stringMatching(/vCenter/)]);
      const found = effects
        .flat()
        .filter((effect) =>
          index < names.length ? effect.name === names[index] : task !== undefined && effect.task === task,
        );
      expect([names[index] ?? index, found.length]).toEqual([
        names[index] ?? index,
        result === undefined ? 0 : 1,
      ]);
    }
    const succeeded = ends.filter(({ result }) => result !== undefined);
    expect(effects.flat()).toHaveLength(succeeded.length);
    await other.close();
    await env.close();
  });
});

describe('a worker whose connection leads to another site than before', () => {
  let env: FaultEnvironment;
  beforeAll(async () => {
    env = await openFaultEnvironment({ operation: { quarantineMs: 6_000, waitBudgetMs: 3_000 } });
  });
  afterAll(() => env.close());
  afterEach(async () => {
    await env.clearFaults();
    await env.control.settings({ maxClones: 8, cloneMs: 300 });
    await moveTo(env, HERE);
  });

  test('a clone that has not posted is refused, with both sites, and nothing is changed', async () => {
    await env.control.settings({ maxClones: 0 });
    const clone = await env.clone('unposted');
    await env.scheduled(clone, 'startLinkedClone');
    await moveTo(env, ELSEWHERE);
    await env.control.settings({ maxClones: 8 });
    const { type, message } = await endOf(clone);
    expect(type).toBe('UnknownConnection');
    expect(message).toContain(
      `leads to vCenter ${ELSEWHERE} on this worker, and this operation began on vCenter ${HERE}`,
    );
    expect(await env.cloneEffects('unposted')).toEqual([]);
  });

  test('a clone whose reply was lost is a question, is not posted there, and is adopted by an answer back here', async () => {
    await env.fault({ operation: 'linkedClone', position: 'after', action: 'reset', count: 1 });
    const clone = await env.clone('asked');
    const vmId = await eventually(
      'the clone is made',
      async () => (await env.control.ledger()).find(({ name }) => name === 'asked')?.resultVm,
    );
    await moveTo(env, ELSEWHERE);
    await env.condition(clone, 'needs-decision', 90_000);
    expect((await clone.question())?.why).toContain(`began on vCenter ${HERE}`);
    expect(await env.cloneEffects('asked')).toEqual(['clone']);
    await moveTo(env, HERE);
    await env.resolve(clone, { kind: 'vm', vmId });
    expect(await endOf(clone)).toMatchObject({ result: { vmId } });
    expect(await env.cloneEffects('asked')).toEqual(['clone']);
  });

  test('a clone that waits for its task shows as blocked and then asks, and its task is not taken for gone', async () => {
    await env.control.settings({ cloneMs: 8_000 });
    const clone = await env.clone('waiting');
    const taskId = await env.taskOf(clone);
    await moveTo(env, ELSEWHERE);
    await env.condition(clone, 'needs-decision', 90_000);
    await moveTo(env, HERE);
    await env.resolve(clone, { kind: 'task', taskId });
    expect(await endOf(clone)).toMatchObject({ result: { name: 'waiting' } });
    expect(await env.cloneEffects('waiting')).toEqual(['clone']);
  });

  /** The task has ended, and the machine cannot be read before the workers are on the other site. */
  async function unreadUntilMoved(handle: OperationHandle, read: string): Promise<void> {
    await env.taskOf(handle);
    await env.fault({ operation: read, action: 'reset' });
    await eventually('the task has ended', async () => (await handle.describe()).phase === 'verify');
    await moveTo(env, ELSEWHERE);
    await env.clearFaults();
  }

  test('a clone that nobody there can read has succeeded, with a warning, and is not powered on there', async () => {
    await env.control.settings({ cloneMs: 2_000 });
    const [clone, powered] = [
      await env.clone('unread'),
      await env.clone('unpowered', { powerOn: true, onFailure: 'keep' }),
    ];
    await env.taskOf(powered);
    await unreadUntilMoved(clone, 'vm.get');
    expect(await endOf(clone)).toMatchObject({ result: { name: 'unread' } });
    expect((await clone.describe()).warnings).toEqual([
      { type: 'NotVerified', message: expect.stringContaining(`began on vCenter ${HERE}`) },
    ]);
    expect(await endOf(powered)).toMatchObject({
      type: 'PowerOnFailed',
      message: expect.stringContaining(`began on vCenter ${HERE}`),
      details: { kept: true },
    });
    expect(await env.cloneEffects('unpowered')).toEqual(['clone']);
  });

  test('a revert that nobody there can read has succeeded, with a warning', async () => {
    await env.control.settings({ revertMs: 2_000 });
    const revert = await env.revert('web-02');
    await unreadUntilMoved(revert, 'power.get');
    expect(await endOf(revert)).toMatchObject({ result: { powerState: 'POWERED_OFF' } });
    expect((await revert.describe()).warnings).toEqual([
      { type: 'NotVerified', message: expect.stringContaining(`began on vCenter ${HERE}`) },
    ]);
  });

  test('a request that is run again there after its start had no answer is refused, and is not posted there', async () => {
    await env.fault({ operation: 'linkedClone', position: 'after', action: 'reset', count: 1 });
    const clone = await env.clone('again');
    await eventually('the clone is made', async () =>
      (await env.control.ledger()).find(({ name }) => name === 'again'),
    );
    await env.temporal.workflow.getHandle(clone.workflowId).terminate();
    await moveTo(env, ELSEWHERE);
    const { connection, snapflow } = env;
    const request = { connection, vm: 'web-01', snapshot: 'latest', name: 'again' };
    const again = await snapflow.clone(request, { requestId: 'again', again: true });
    const { type, message } = await endOf(again);
    expect([type, message]).toEqual([
      'UnknownConnection',
      expect.stringContaining(`began on vCenter ${HERE}`),
    ]);
    expect(message).toContain('An earlier run of this request may have had its effect');
    expect(await env.cloneEffects('again')).toEqual(['clone']);
  });
});
