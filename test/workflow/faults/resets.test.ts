import { CancelledFailure } from '@temporalio/common';
import type { OperationHandle } from '../../../src/client';
import { eventually } from '../../rig/eventually';
import { resetRun } from '../../rig/reset-run';
import { endOf, Scene } from './scene';

// A task that is lost on a busy machine costs start-to-close and a quarantine before it goes on: slow, and right.
jest.setTimeout(150_000);

describe('an operator', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.open({ simulator: { cloneMs: 500, revertMs: 500 } });
  });
  afterAll(() => scene.close());
  beforeEach(async () => void (await scene.clearFaults()));

  const noLockIsLeft = () =>
    eventually('no lock is left', async () => {
      const query = `WorkflowType = 'holdExclusion' AND ExecutionStatus = 'Running' AND TaskQueue = '${scene.rig.taskQueue}'`;
      for await (const _ of scene.rig.temporal.workflow.list({ query })) return false;
      return true;
    });

  /** Ids of the events that a run can be reset to. */
  const resetPoints = async (workflowId: string, runId?: string): Promise<readonly number[]> =>
    (await scene.events(workflowId, runId))
      .filter((event) => event.workflowTaskCompletedEventAttributes)
      .map(({ eventId }) => Number(eventId));

  const resultOf = (workflowId: string, runId: string) =>
    scene.rig.temporal.workflow.getHandle(workflowId, runId).result() as Promise<Record<string, unknown>>;

  test('who resets a finished clone to any of its events gets the same machine, and no lock is left', async () => {
    const clone = await scene.clone('reset-1');
    const { vmId, taskId } = await clone.result();
    const points = await resetPoints(clone.workflowId);
    expect(points.length).toBeGreaterThan(4);
    for (const eventId of points) {
      const runId = await resetRun(scene.rig, clone, eventId);
      expect(await resultOf(clone.workflowId, runId)).toMatchObject({ vmId, taskId });
    }
    expect(await scene.cloneEffects('reset-1')).toEqual(['clone']);
    await noLockIsLeft();
  });

  test('who resets a finished revert to any of its events gets the same undo snapshot and power state', async () => {
    const revert = await scene.revert('web-01', { restorePower: true });
    const result = await revert.result();
    expect(result).toMatchObject({ powerState: 'POWERED_ON', undoSnapshotId: expect.any(String) });
    const points = await resetPoints(revert.workflowId);
    expect(points.length).toBeGreaterThan(4);
    for (const eventId of points) {
      const runId = await resetRun(scene.rig, revert, eventId);
      const { taskId, undoSnapshotId } = await resultOf(revert.workflowId, runId);
      expect({ eventId, taskId, undoSnapshotId }).toEqual({
        eventId,
        taskId: result.taskId,
        undoSnapshotId: result.undoSnapshotId,
      });
    }
    expect((await scene.revertEffects('vm-1001')).filter((kind) => kind === 'revert')).toEqual(['revert']);
    await noLockIsLeft();
  });

  test('who resets a clone whose reply was lost to any of its events gets the one machine', async () => {
    await scene.fault({ operation: 'linkedClone', position: 'after', action: 'reset', count: 1 });
    const clone = await scene.clone('reset-2');
    const { vmId } = await clone.result();
    const points = await resetPoints(clone.workflowId);
    // Each of these waits out a quarantine of its own: the start, the look and the end stand for the rest.
    for (const eventId of [points[2], points.at(-3), points.at(-1)]) {
      const runId = await resetRun(scene.rig, clone, eventId ?? 0);
      expect(await resultOf(clone.workflowId, runId)).toMatchObject({ vmId });
    }
    expect(await scene.cloneEffects('reset-2')).toEqual(['clone']);
    await noLockIsLeft();
  });

  test('who resets to after the quarantine while a later post is on its way makes nothing twice', async () => {
    await scene.fault({ operation: 'linkedClone', action: 'reset', count: 1 });
    await scene.fault({ operation: 'linkedClone', position: 'late', lateMs: 700, count: 1 });
    const clone = await scene.clone('reset-3');
    const completedLook = (events: Awaited<ReturnType<Scene['events']>>) => {
      const look = events.find(
        (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'lookForEffect',
      );
      return look === undefined
        ? undefined
        : Number(look.activityTaskScheduledEventAttributes?.workflowTaskCompletedEventId);
    };
    await eventually('the second post is on its way', async () => {
      const [, late] = await scene.rig.control.faults();
      return late?.['fired'] === 1;
    });
    const eventId = completedLook(await scene.events(clone.workflowId)) ?? 0;
    const runId = await resetRun(scene.rig, clone, eventId);
    const { vmId } = await resultOf(clone.workflowId, runId);
    const made = (await scene.rig.control.ledger()).filter(({ name }) => name === 'reset-3');
    expect(made).toEqual([expect.objectContaining({ kind: 'clone', resultVm: vmId })]);
    await noLockIsLeft();
  });

  test('who resets a run that is not the newest is asked about what the newest has posted', async () => {
    await scene.rig.control.settings({ cloneMs: 6_000 });
    await scene.fault({ operation: 'snapshots.list', action: 'hold', count: 1 });
    const first = await scene.clone('reset-older');
    const hold = await scene.held('snapshots.list');
    const [beginning = 0] = await resetPoints(first.workflowId);
    await resetRun(scene.rig, first, beginning);
    await scene.rig.control.release(hold);
    const newest = await scene.rig.snapflow.operation(first.id, { connection: scene.rig.connection });
    const taskId = await scene.taskOf(newest);
    const runId = await resetRun(scene.rig, first, beginning);
    await scene.rig.control.settings({ cloneMs: 500 });
    await scene.condition(newest, 'needs-decision');
    // A task that still runs is refused as an answer, and the question stays open.
    await eventually('the task has ended, and the answer is taken', () =>
      scene.resolve(newest, { kind: 'task', taskId }).then(
        () => true,
        (error: Error) => {
          expect(String(error.cause)).toContain('it is RUNNING, so answer once it has ended');
          return false;
        },
      ),
    );
    expect(await resultOf(first.workflowId, runId)).toMatchObject({ taskId });
    expect(await scene.cloneEffects('reset-older')).toEqual(['clone']);
    await noLockIsLeft();
  });

  test('who resets a clone and cancels the new run while it prepares has its machine deleted', async () => {
    const clone = await scene.clone('reset-cancel');
    await clone.result();
    const [beginning = 0] = await resetPoints(clone.workflowId);
    await scene.fault({ operation: 'snapshots.list', action: 'hold', count: 1 });
    const runId = await resetRun(scene.rig, clone, beginning);
    const hold = await scene.held('snapshots.list');
    await scene.rig.temporal.workflow.getHandle(clone.workflowId, runId).cancel();
    await scene.scheduled(clone, 'mayHavePosted');
    await scene.rig.control.release(hold);
    await expect(resultOf(clone.workflowId, runId)).rejects.toMatchObject({
      cause: expect.any(CancelledFailure),
    });
    expect(await scene.cloneEffects('reset-cancel')).toEqual(['clone', 'delete']);
    await noLockIsLeft();
  });

  describe('who resets a closed run while another request', () => {
    // The first one's task must fail before it has an effect, also on a busy machine.
    const slow = 30_000;
    afterEach(() => scene.rig.control.settings({ cloneMs: 500, revertMs: 500 }));

    /** Has its task fail and resets it to its post, where it has no lock; another one takes it just before its look. */
    const resetBeside = async (
      [first, startType]: readonly [OperationHandle, string],
      beginOther: () => Promise<OperationHandle>,
    ): Promise<OperationHandle> => {
      await scene.rig.control.task(await scene.taskOf(first), { status: 'FAILED' });
      expect(await endOf(first)).toMatchObject({ type: 'TaskFailed' });
      await scene.rig.control.settings({ cloneMs: 4_000, revertMs: 4_000 });
      const start = (await scene.events(first.workflowId)).find(
        (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === startType,
      );
      await scene.fault({ operation: 'tasks.list', action: 'hold', count: 1 });
      const point = start?.activityTaskScheduledEventAttributes?.workflowTaskCompletedEventId;
      await resetRun(scene.rig, first, Number(point));
      const look = await scene.held('tasks.list');
      const other = await beginOther();
      const taskId = await scene.taskOf(other);
      await scene.rig.control.release(look);
      const { connection, snapflow } = scene.rig;
      const reset = await snapflow.operation(first.id, { connection });
      expect(await endOf(other)).toMatchObject({ result: { taskId } });
      return reset;
    };

    test('clones the same name does not take its machine, which is recorded, and ends as busy', async () => {
      await scene.rig.control.settings({ cloneMs: slow });
      const first = await scene.clone('reset-beside');
      const reset = await resetBeside([first, 'startLinkedClone'], () =>
        scene.rig.snapflow.clone(
          { connection: scene.rig.connection, vm: 'web-01', snapshot: 'latest', name: 'reset-beside' },
          { requestId: 'reset-beside-other' },
        ),
      );
      expect(await endOf(reset)).toMatchObject({ type: 'Busy' });
      expect(await scene.cloneEffects('reset-beside')).toEqual(['clone']);
      await noLockIsLeft();
    });

    test('reverts the same machine does not take its revert, and posts none without the lock', async () => {
      await scene.rig.control.settings({ revertMs: slow });
      const first = await scene.revert('db-01');
      const beginOther = () => scene.revert('db-01', {}, 'beside-other');
      const reset = await resetBeside([first, 'startRevert'], beginOther);
      await scene.condition(reset, 'needs-decision');
      await scene.resolve(reset, { kind: 'repeat' });
      expect(await endOf(reset)).toMatchObject({ type: 'Busy' });
      expect(await scene.revertEffects('vm-1013')).toEqual(['revert']);
      await noLockIsLeft();
    });
  });

  const onPendingStart = {
    pauseActivity: (clone: OperationHandle) =>
      scene.rig.temporal.workflowService.pauseActivity(startOf(clone)),
    unpauseActivity: (clone: OperationHandle) =>
      scene.rig.temporal.workflowService.unpauseActivity(startOf(clone)),
    resetActivity: (clone: OperationHandle) =>
      scene.rig.temporal.workflowService.resetActivity(startOf(clone)),
  } as const;
  const startOf = ({ workflowId, runId }: OperationHandle) => ({
    namespace: 'default',
    execution: { workflowId, runId },
    type: 'startLinkedClone',
  });

  /** How often prepare lists machines, so that a hold may wait for the start's own look. */
  const looksOfPrepare = async (name: string): Promise<number> => {
    const count = async () => (await scene.rig.control.calls()).calls['vm.list'] ?? 0;
    const before = await count();
    await (await scene.clone(name)).result();
    // One of them was the start's, one that of verify.
    return (await count()) - before - 2;
  };

  describe.each([
    ['pauses and unpauses', ['pauseActivity', 'unpauseActivity']],
    ['resets', ['resetActivity']],
    ['pauses, resets and unpauses', ['pauseActivity', 'resetActivity', 'unpauseActivity']],
  ] as const)('who %s a pending start', (title, calls) => {
    test.each([
      ['before its look', 'vm.list'],
      ['while its post is on its way', 'linkedClone'],
    ])('%s has nothing posted twice', async (when, operation) => {
      const name = `${title} ${when}`.replaceAll(/[^a-z]+/g, '-').slice(0, 40);
      // Prepare lists machines, too.
      const skip = operation === 'vm.list' ? await looksOfPrepare(`count-${name}`) : 0;
      await scene.fault({ operation, action: 'hold', count: 1, skip });
      const clone = await scene.clone(name);
      await scene.scheduled(clone, 'startLinkedClone');
      const hold = await scene.held(operation);
      for (const call of calls) await onPendingStart[call](clone);
      await scene.rig.control.release(hold);
      expect(await endOf(clone)).toMatchObject({ result: { name } });
      expect(await scene.cloneEffects(name)).toEqual(['clone']);
    });
  });
});
