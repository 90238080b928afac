import type { CloneHandle } from '../../src/client';
import { cloneNameLockId } from '../../src/contract/operations';
import { eventually } from '../rig/eventually';
import { heldNext, killThenReplace } from './held-next';
import { inScene, type Scene } from './scene';

/** Start-to-close, quarantine, and Temporal's ten seconds until a dead worker's cached workflow goes elsewhere. */
const CASE_MS = 60_000;
const NAME = 'ci-1';

const request = ({ connection }: Scene) => ({ connection, vm: 'web-01', snapshot: 'latest', name: NAME });
const startClone = (scene: Scene) => scene.snapflow.clone(request(scene), { requestId: 'r1' });

interface SimulatedTask {
  readonly task: string;
  readonly status: string;
}

const tasks = async ({ control }: Scene): Promise<readonly SimulatedTask[]> =>
  (await control.state())['tasks'] as readonly SimulatedTask[];

/** What must hold wherever the worker died: one effect, and the result is that effect. */
async function expectOneEffect(scene: Scene, clone: CloneHandle): Promise<string> {
  const result = await clone.result();
  const effects = await scene.control.ledger();
  expect(effects).toEqual([
    expect.objectContaining({ kind: 'clone', name: NAME, resultVm: result.vmId, task: result.taskId }),
  ]);
  expect(await tasks(scene)).toHaveLength(1);
  expect((await scene.control.calls()).calls['linkedClone']).toBe(1);
  expect((await clone.describe()).warnings ?? []).toEqual([]);
  return result.taskId ?? '';
}

/** How often a start activity was scheduled: more than once only where the first one's outcome was found to be none. */
async function starts(scene: Scene, clone: CloneHandle): Promise<number> {
  const { events = [] } = await scene.temporal.workflow.getHandle(clone.workflowId).fetchHistory();
  const scheduled = (events ?? []).map(
    (event) => event.activityTaskScheduledEventAttributes?.activityType?.name,
  );
  return scheduled.filter((name) => name === 'startLinkedClone').length;
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
      inScene({}, async (scene) => {
        const login = await heldNext(scene, 'vcenter.login', 'before');
        const clone = await startClone(scene);
        const hold = await login();
        const lock = scene.temporal.workflow.getHandle(cloneNameLockId(scene.connection, NAME));
        expect((await lock.describe()).status.name).toBe('RUNNING');
        await killThenReplace(scene, hold);
        await expectOneEffect(scene, clone);
      }),
    CASE_MS,
  );

  test.concurrent(
    'the moment its exclusion exists: another one makes one clone',
    () =>
      inScene({}, async (scene) => {
        const lock = scene.temporal.workflow.getHandle(cloneNameLockId(scene.connection, NAME));
        const clone = await startClone(scene);
        await eventually('the exclusion exists', () =>
          lock.describe().then(
            () => true,
            () => false,
          ),
        );
        await killThenReplace(scene);
        await expectOneEffect(scene, clone);
      }),
    CASE_MS,
  );

  test.concurrent(
    'while it prepares: another one prepares anew and makes one clone',
    () =>
      inScene({}, async (scene) => {
        const read = await heldNext(scene, 'vm.list', 'before');
        const clone = await startClone(scene);
        await killThenReplace(scene, await read());
        await expectOneEffect(scene, clone);
      }),
    CASE_MS,
  );

  test.concurrent(
    'after the look before its post: the start is unknown, nothing is found, another one posts once',
    () =>
      inScene({}, async (scene) => {
        const lastOfPrepare = await heldNext(scene, 'appliance.session', 'before');
        const clone = await startClone(scene);
        const prepared = await lastOfPrepare();
        const looked = await heldNext(scene, 'vm.list', 'after');
        await scene.control.release(prepared);
        const hold = await looked();
        expect((await clone.describe()).phase).toBe('start');
        expect((await scene.control.calls()).calls['linkedClone']).toBeUndefined();
        await killThenReplace(scene, hold);
        await expectOneEffect(scene, clone);
        expect(await starts(scene, clone)).toBe(2);
      }),
    CASE_MS,
  );

  test.concurrent(
    'when its post was accepted and the reply is under way: the task is adopted, never repeated',
    () =>
      inScene({}, async (scene) => {
        const posted = await heldNext(scene, 'linkedClone', 'after');
        const clone = await startClone(scene);
        const hold = await posted();
        const [accepted] = await tasks(scene);
        await killThenReplace(scene, hold);
        expect(await expectOneEffect(scene, clone)).toBe(accepted?.task);
        expect(await starts(scene, clone)).toBe(1);
      }),
    CASE_MS,
  );

  test.concurrent(
    'when its post has left and takes effect after its death: the task is adopted, never repeated',
    () =>
      inScene({}, async (scene) => {
        const posted = await heldNext(scene, 'linkedClone', 'before');
        const clone = await startClone(scene);
        const hold = await posted();
        expect(await tasks(scene)).toEqual([]);
        await killThenReplace(scene, hold);
        const [late] = await tasks(scene);
        expect(await expectOneEffect(scene, clone)).toBe(late?.task);
        expect(await starts(scene, clone)).toBe(1);
      }),
    CASE_MS,
  );

  test.concurrent(
    'right after its post was answered: the task is known or adopted, never repeated',
    () =>
      inScene({}, async (scene) => {
        const posted = await heldNext(scene, 'linkedClone', 'after');
        const clone = await startClone(scene);
        const hold = await posted();
        const [accepted] = await tasks(scene);
        await scene.control.release(hold);
        await killThenReplace(scene);
        expect(await expectOneEffect(scene, clone)).toBe(accepted?.task);
        expect(await starts(scene, clone)).toBe(1);
      }),
    CASE_MS,
  );

  test.concurrent(
    'while its task runs: another one waits for the same task',
    () =>
      inScene({}, async (scene) => {
        await scene.control.settings({ cloneMs: 6_000 });
        const clone = await startClone(scene);
        const taskId = await waiting(clone);
        await eventually('the task runs', async () => (await tasks(scene))[0]?.status === 'RUNNING');
        await killThenReplace(scene);
        expect(await expectOneEffect(scene, clone)).toBe(taskId);
      }),
    CASE_MS,
  );

  test.concurrent(
    'at its post, and its successor while that waits: a third one ends it with the same task',
    () =>
      inScene({}, async (scene) => {
        await scene.control.settings({ cloneMs: 25_000 });
        const posted = await heldNext(scene, 'linkedClone', 'after');
        const clone = await startClone(scene);
        const hold = await posted();
        await killThenReplace(scene, hold);
        const taskId = await waiting(clone, 30_000);
        await killThenReplace(scene);
        expect(await expectOneEffect(scene, clone)).toBe(taskId);
        expect(await starts(scene, clone)).toBe(1);
      }),
    CASE_MS,
  );

  test.concurrent(
    'while it verifies: another one verifies the same clone',
    () =>
      inScene({}, async (scene) => {
        const clone = await startClone(scene);
        const taskId = await waiting(clone);
        const read = await heldNext(scene, 'vm.get', 'before');
        const hold = await read();
        expect(await scene.control.ledger()).toHaveLength(1);
        await killThenReplace(scene, hold);
        expect(await expectOneEffect(scene, clone)).toBe(taskId);
      }),
    CASE_MS,
  );

  test.concurrent(
    'while a second request queues for the name: both go on, and the second finds the name taken',
    () =>
      inScene({}, async (scene) => {
        await scene.control.settings({ cloneMs: 5_000 });
        const first = await startClone(scene);
        await waiting(first);
        const second = await scene.snapflow.clone(request(scene), { requestId: 'r2' });
        await eventually(
          'the second is queued',
          async () => (await second.describe()).condition === 'queued',
        );
        await killThenReplace(scene);
        await expectOneEffect(scene, first);
        const { vmId } = await first.result();
        await expect(second.result()).rejects.toMatchObject({
          failure: { type: 'NameTaken', details: { vmId } },
        });
        expect(await scene.control.ledger()).toHaveLength(1);
      }),
    CASE_MS,
  );
});

describe('a worker that is told to stop', () => {
  const HEARTBEAT_TIMEOUT_MS = 60_000;

  test.concurrent(
    'while its task runs: the wait is handed over at once, long before the heartbeat time-out',
    () =>
      inScene({ heartbeatTimeoutMs: HEARTBEAT_TIMEOUT_MS }, async (scene) => {
        await scene.control.settings({ cloneMs: 6_000 });
        const clone = await startClone(scene);
        const taskId = await waiting(clone);
        const stopped = scene.worker();
        stopped.signal('SIGTERM');
        await scene.startWorker();
        const handle = scene.temporal.workflow.getHandle(clone.workflowId);
        await eventually('another worker waits', async () => {
          const { raw } = await handle.describe();
          return (raw.pendingActivities ?? []).some(({ attempt }) => attempt === 2);
        });
        expect(await stopped.ended).toEqual({ code: 0, signal: null });
        expect(await expectOneEffect(scene, clone)).toBe(taskId);
      }),
    CASE_MS,
  );
});
