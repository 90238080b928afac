import type { CloneHandle } from '../../src/client';
import { cloneNameLockId } from '../../src/contract/operations';
import { eventually } from '../environment/eventually';
import { heldNext, killThenReplace } from './held-next';
import type { ProcessEnvironment } from '../environment/processes';
import { inEnvironment } from './in-environment';

/** Start-to-close, quarantine, and Temporal's ten seconds until a dead worker's cached workflow goes elsewhere. */
const CASE_MS = 60_000;
const NAME = 'ci-1';

const request = ({ connection }: ProcessEnvironment) => ({
  connection,
  vm: 'web-01',
  snapshot: 'latest',
  name: NAME,
});
const startClone = (env: ProcessEnvironment) => env.snapflow.clone(request(env), { requestId: 'r1' });

const tasks = async ({ control }: ProcessEnvironment) => (await control.state()).tasks;

/** What must hold wherever the worker died: one effect, and the result is that effect. */
async function expectOneEffect(env: ProcessEnvironment, clone: CloneHandle): Promise<string> {
  const result = await clone.result();
  const effects = await env.control.ledger();
  expect(effects).toEqual([
    expect.objectContaining({ kind: 'clone', name: NAME, resultVm: result.vmId, task: result.taskId }),
  ]);
  expect(await tasks(env)).toHaveLength(1);
  expect((await env.control.calls()).calls['linkedClone']).toBe(1);
  expect((await clone.describe()).warnings ?? []).toEqual([]);
  return result.taskId ?? '';
}

/** How often a start activity was scheduled: more than once only where the first one's outcome was found to be none. */
async function starts(env: ProcessEnvironment, clone: CloneHandle): Promise<number> {
  const { events = [] } = await env.temporal.workflow.getHandle(clone.workflowId).fetchHistory();
  const scheduled = (events ?? []).map(
    (event) => event.activityTaskScheduledEventAttributes?.activityType?.name,
  );
  return scheduled.filter((name) => name === 'startLinkedClone').length;
}

/** Seconds of its timers. */
async function timersOf(env: ProcessEnvironment, clone: CloneHandle): Promise<readonly number[]> {
  const { events } = await env.temporal.workflow.getHandle(clone.workflowId).fetchHistory();
  return (events ?? []).map((event) =>
    Number(event.timerStartedEventAttributes?.startToFireTimeout?.seconds),
  );
}

const waiting = (clone: CloneHandle, withinMs?: number): Promise<string> =>
  eventually(
    'the operation waits for its task',
    async () => {
      const { phase, taskId } = await clone.describe();
      return phase === 'wait' ? taskId : undefined;
    },
    withinMs,
  );

describe('a worker that is killed', () => {
  test.concurrent(
    'when the exclusion is taken and nothing was read yet: another one prepares and makes one clone',
    () =>
      inEnvironment({}, async (env) => {
        const login = await heldNext(env, 'vcenter.login', 'before');
        const clone = await startClone(env);
        const hold = await login();
        const lock = env.temporal.workflow.getHandle(cloneNameLockId(env.connection, NAME));
        expect((await lock.describe()).status.name).toBe('RUNNING');
        await killThenReplace(env, hold);
        await expectOneEffect(env, clone);
      }),
    CASE_MS,
  );

  test.concurrent(
    'the moment its exclusion exists: another one makes one clone',
    () =>
      inEnvironment({}, async (env) => {
        const lock = env.temporal.workflow.getHandle(cloneNameLockId(env.connection, NAME));
        const clone = await startClone(env);
        await eventually('the exclusion exists', () =>
          lock.describe().then(
            () => true,
            () => false,
          ),
        );
        await killThenReplace(env);
        await expectOneEffect(env, clone);
      }),
    CASE_MS,
  );

  test.concurrent(
    'while it prepares: another one prepares anew and makes one clone',
    () =>
      inEnvironment({}, async (env) => {
        const read = await heldNext(env, 'vm.list', 'before');
        const clone = await startClone(env);
        await killThenReplace(env, await read());
        await expectOneEffect(env, clone);
      }),
    CASE_MS,
  );

  test.concurrent(
    'after the look before its post: the start is unknown, nothing is found, another one posts once',
    () =>
      inEnvironment({}, async (env) => {
        const lastOfPrepare = await heldNext(env, 'appliance.session', 'before');
        const clone = await startClone(env);
        const prepared = await lastOfPrepare();
        const looked = await heldNext(env, 'vm.list', 'after');
        await env.control.release(prepared);
        const hold = await looked();
        expect((await clone.describe()).phase).toBe('start');
        expect((await env.control.calls()).calls['linkedClone']).toBeUndefined();
        await killThenReplace(env, hold);
        await expectOneEffect(env, clone);
        expect(await starts(env, clone)).toBe(2);
      }),
    CASE_MS,
  );

  test.concurrent(
    'when its post was accepted and the reply is under way: the task is adopted, never repeated',
    () =>
      inEnvironment({}, async (env) => {
        const posted = await heldNext(env, 'linkedClone', 'after');
        const clone = await startClone(env);
        const hold = await posted();
        const [accepted] = await tasks(env);
        await killThenReplace(env, hold);
        expect(await expectOneEffect(env, clone)).toBe(accepted?.task);
        expect(await starts(env, clone)).toBe(1);
      }),
    CASE_MS,
  );

  test.concurrent(
    'when its post has left and takes effect after its death: the task is adopted, never repeated',
    () =>
      inEnvironment({}, async (env) => {
        const posted = await heldNext(env, 'linkedClone', 'before');
        const clone = await startClone(env);
        const hold = await posted();
        expect(await tasks(env)).toEqual([]);
        await killThenReplace(env, hold);
        const [late] = await tasks(env);
        expect(await expectOneEffect(env, clone)).toBe(late?.task);
        expect(await starts(env, clone)).toBe(1);
      }),
    CASE_MS,
  );

  test.concurrent(
    'with its post held on the way, which arrives only after the safety wait and the check: one effect, adopted',
    () =>
      inEnvironment({ lateCallMs: 12_000 }, async (env) => {
        const posted = await heldNext(env, 'linkedClone', 'before');
        const clone = await startClone(env);
        const hold = await posted();
        await killThenReplace(env);
        await eventually(
          'the check has found nothing, and the run waits for a late call',
          async () => (await timersOf(env, clone)).includes(12),
          30_000,
        );
        expect(await env.control.ledger()).toEqual([]);
        await env.control.release(hold);
        await expectOneEffect(env, clone);
        expect(await starts(env, clone)).toBe(1);
      }),
    CASE_MS,
  );

  test.concurrent(
    'right after its post was answered: the task is known or adopted, never repeated',
    () =>
      inEnvironment({}, async (env) => {
        const posted = await heldNext(env, 'linkedClone', 'after');
        const clone = await startClone(env);
        const hold = await posted();
        const [accepted] = await tasks(env);
        await env.control.release(hold);
        await killThenReplace(env);
        expect(await expectOneEffect(env, clone)).toBe(accepted?.task);
        expect(await starts(env, clone)).toBe(1);
      }),
    CASE_MS,
  );

  test.concurrent(
    'while its task runs: another one waits for the same task',
    () =>
      inEnvironment({}, async (env) => {
        await env.control.settings({ cloneMs: 6_000 });
        const clone = await startClone(env);
        const taskId = await waiting(clone);
        await eventually('the task runs', async () => (await tasks(env))[0]?.status === 'RUNNING');
        await killThenReplace(env);
        expect(await expectOneEffect(env, clone)).toBe(taskId);
      }),
    CASE_MS,
  );

  test.concurrent(
    'at its post, and its successor while that waits: a third one ends it with the same task',
    () =>
      inEnvironment({}, async (env) => {
        await env.control.settings({ cloneMs: 25_000 });
        const posted = await heldNext(env, 'linkedClone', 'after');
        const clone = await startClone(env);
        const hold = await posted();
        await killThenReplace(env, hold);
        const taskId = await waiting(clone, 30_000);
        await killThenReplace(env);
        expect(await expectOneEffect(env, clone)).toBe(taskId);
        expect(await starts(env, clone)).toBe(1);
      }),
    CASE_MS,
  );

  test.concurrent(
    'while it verifies: another one verifies the same clone',
    () =>
      inEnvironment({}, async (env) => {
        const clone = await startClone(env);
        const taskId = await waiting(clone);
        const read = await heldNext(env, 'vm.get', 'before');
        const hold = await read();
        expect(await env.control.ledger()).toHaveLength(1);
        await killThenReplace(env, hold);
        expect(await expectOneEffect(env, clone)).toBe(taskId);
      }),
    CASE_MS,
  );

  test.concurrent(
    'while a second request queues for the name: both go on, and the second finds the name taken',
    () =>
      inEnvironment({}, async (env) => {
        await env.control.settings({ cloneMs: 5_000 });
        const first = await startClone(env);
        await waiting(first);
        const second = await env.snapflow.clone(request(env), { requestId: 'r2' });
        await eventually(
          'the second is queued',
          async () => (await second.describe()).condition === 'queued',
        );
        await killThenReplace(env);
        await expectOneEffect(env, first);
        const { vmId } = await first.result();
        await expect(second.result()).rejects.toMatchObject({
          failure: { type: 'NameTaken', details: { vmId } },
        });
        expect(await env.control.ledger()).toHaveLength(1);
      }),
    CASE_MS,
  );
});

describe('a worker that is told to stop', () => {
  const HEARTBEAT_TIMEOUT_MS = 60_000;

  test.concurrent(
    'while its task runs: the wait is handed over at once, long before the heartbeat time-out',
    () =>
      inEnvironment({ heartbeatTimeoutMs: HEARTBEAT_TIMEOUT_MS }, async (env) => {
        await env.control.settings({ cloneMs: 6_000 });
        const clone = await startClone(env);
        const taskId = await waiting(clone);
        const stopped = env.worker();
        stopped.signal('SIGTERM');
        await env.startWorker();
        const handle = env.temporal.workflow.getHandle(clone.workflowId);
        await eventually('another worker waits', async () => {
          const { raw } = await handle.describe();
          return (raw.pendingActivities ?? []).some(({ attempt }) => attempt === 2);
        });
        expect(await stopped.ended).toEqual({ code: 0, signal: null });
        expect(await expectOneEffect(env, clone)).toBe(taskId);
      }),
    CASE_MS,
  );
});
