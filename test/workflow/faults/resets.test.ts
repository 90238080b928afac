import { CancelledFailure } from '@temporalio/common';
import type { OperationHandle } from '../../../src/client';
import { eventually } from '../../environment/eventually';
import { resetRun } from '../reset-run';
import { endOf, openFaultEnvironment, type FaultEnvironment } from './fault-environment';

// A task that is lost on a busy machine costs start-to-close and a quarantine before it goes on: slow, and right.
jest.setTimeout(150_000);

describe('an operator', () => {
  let env: FaultEnvironment;
  beforeAll(async () => {
    env = await openFaultEnvironment({ simulator: { cloneMs: 500, revertMs: 500 } });
  });
  afterAll(() => env.close());
  beforeEach(async () => void (await env.clearFaults()));

  const noLockIsLeft = () =>
    eventually('no lock is left', async () => {
      const query = `WorkflowType = 'holdExclusion' AND ExecutionStatus = 'Running' AND TaskQueue = '${env.taskQueue}'`;
      for await (const _ of env.temporal.workflow.list({ query })) return false;
      return true;
    });

  /** Ids of the events that a run can be reset to. */
  const resetPoints = async (workflowId: string, runId?: string): Promise<readonly number[]> =>
    (await env.events(workflowId, runId))
      .filter((event) => event.workflowTaskCompletedEventAttributes)
      .map(({ eventId }) => Number(eventId));

  const resultOf = (workflowId: string, runId: string) =>
    env.temporal.workflow.getHandle(workflowId, runId).result() as Promise<Record<string, unknown>>;

  test('who resets a finished clone to any of its events gets the same machine, and no lock is left', async () => {
    const clone = await env.clone('reset-1');
    const { vmId, taskId } = await clone.result();
    const points = await resetPoints(clone.workflowId);
    expect(points.length).toBeGreaterThan(4);
    for (const eventId of points) {
      const runId = await resetRun(env, clone, eventId);
      expect(await resultOf(clone.workflowId, runId)).toMatchObject({ vmId, taskId });
    }
    expect(await env.cloneEffects('reset-1')).toEqual(['clone']);
    await noLockIsLeft();
  });

  test('who resets a clone that was undone to the end of its wait is told so, and no lock is left', async () => {
    const action = { status: 400, errorType: 'NOT_ALLOWED_IN_CURRENT_STATE' };
    await env.fault({ operation: 'power.start', action });
    const clone = await env.clone('reset-undone', { powerOn: true });
    expect(await endOf(clone)).toMatchObject({ type: 'PowerOnFailed' });
    await env.clearFaults();
    const [scheduled] = (await env.events(clone.workflowId))
      .map((event) => event.activityTaskScheduledEventAttributes)
      .filter((activity) => activity?.activityType?.name === 'setPower');
    // What the wait had verified was the first run's, and it is gone.
    const runId = await resetRun(env, clone, Number(scheduled?.workflowTaskCompletedEventId));
    await expect(resultOf(clone.workflowId, runId)).rejects.toMatchObject({
      cause: { type: 'CompensationIncomplete' },
    });
    expect(await env.cloneEffects('reset-undone')).toEqual(['clone', 'delete']);
    await noLockIsLeft();
  });

  test('who resets a finished revert to any of its events gets the same undo snapshot and power state', async () => {
    const revert = await env.revert('web-01', { restorePower: true });
    const result = await revert.result();
    expect(result).toMatchObject({ powerState: 'POWERED_ON', undoSnapshotId: expect.any(String) });
    const points = await resetPoints(revert.workflowId);
    expect(points.length).toBeGreaterThan(4);
    for (const eventId of points) {
      const runId = await resetRun(env, revert, eventId);
      const { taskId, undoSnapshotId } = await resultOf(revert.workflowId, runId);
      expect({ eventId, taskId, undoSnapshotId }).toEqual({
        eventId,
        taskId: result.taskId,
        undoSnapshotId: result.undoSnapshotId,
      });
    }
    expect((await env.revertEffects('vm-1001')).filter((kind) => kind === 'revert')).toEqual(['revert']);
    await noLockIsLeft();
  });

  test('who resets a clone whose reply was lost to any of its events gets the one machine', async () => {
    await env.fault({ operation: 'linkedClone', position: 'after', action: 'reset', count: 1 });
    const clone = await env.clone('reset-2');
    const { vmId } = await clone.result();
    const points = await resetPoints(clone.workflowId);
    // Each of these waits out a quarantine of its own: the start, the look and the end stand for the rest.
    for (const eventId of [points[2], points.at(-3), points.at(-1)]) {
      const runId = await resetRun(env, clone, eventId ?? 0);
      expect(await resultOf(clone.workflowId, runId)).toMatchObject({ vmId });
    }
    expect(await env.cloneEffects('reset-2')).toEqual(['clone']);
    await noLockIsLeft();
  });

  test('who resets to after the quarantine while a later post is on its way makes nothing twice', async () => {
    await env.fault({ operation: 'linkedClone', action: 'reset', count: 1 });
    await env.fault({ operation: 'linkedClone', position: 'late', lateMs: 700, count: 1 });
    const clone = await env.clone('reset-3');
    const completedLook = (events: Awaited<ReturnType<FaultEnvironment['events']>>) => {
      const look = events.find(
        (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'lookForEffect',
      );
      return look === undefined
        ? undefined
        : Number(look.activityTaskScheduledEventAttributes?.workflowTaskCompletedEventId);
    };
    await eventually('the second post is on its way', async () => {
      const [, late] = await env.control.faults();
      return late?.['fired'] === 1;
    });
    const eventId = completedLook(await env.events(clone.workflowId)) ?? 0;
    const runId = await resetRun(env, clone, eventId);
    const { vmId } = await resultOf(clone.workflowId, runId);
    const made = (await env.control.ledger()).filter(({ name }) => name === 'reset-3');
    expect(made).toEqual([expect.objectContaining({ kind: 'clone', resultVm: vmId })]);
    await noLockIsLeft();
  });

  test('who resets a run that is not the newest is asked about what the newest has posted', async () => {
    await env.control.settings({ cloneMs: 6_000 });
    await env.fault({ operation: 'snapshots.list', action: 'hold', count: 1 });
    const first = await env.clone('reset-older');
    const hold = await env.held('snapshots.list');
    const [beginning = 0] = await resetPoints(first.workflowId);
    await resetRun(env, first, beginning);
    await env.control.release(hold);
    const newest = await env.snapflow.operation(first.id, { connection: env.connection });
    const taskId = await env.taskOf(newest);
    const runId = await resetRun(env, first, beginning);
    await env.control.settings({ cloneMs: 500 });
    await env.condition(newest, 'needs-decision');
    // A task that still runs is refused as an answer, and the question stays open.
    await eventually('the task has ended, and the answer is taken', () =>
      env.resolve(newest, { kind: 'task', taskId }).then(
        () => true,
        (error: Error) => {
          expect(String(error.cause)).toContain('it is RUNNING, so answer once it has ended');
          return false;
        },
      ),
    );
    expect(await resultOf(first.workflowId, runId)).toMatchObject({ taskId });
    expect(await env.cloneEffects('reset-older')).toEqual(['clone']);
    await noLockIsLeft();
  });

  test('who resets a clone and cancels the new run while it prepares has its machine deleted', async () => {
    const clone = await env.clone('reset-cancel');
    await clone.result();
    const [beginning = 0] = await resetPoints(clone.workflowId);
    await env.fault({ operation: 'snapshots.list', action: 'hold', count: 1 });
    const runId = await resetRun(env, clone, beginning);
    const hold = await env.held('snapshots.list');
    await env.temporal.workflow.getHandle(clone.workflowId, runId).cancel();
    await env.scheduled(clone, 'mayHavePosted');
    await env.control.release(hold);
    await expect(resultOf(clone.workflowId, runId)).rejects.toMatchObject({
      cause: expect.any(CancelledFailure),
    });
    expect(await env.cloneEffects('reset-cancel')).toEqual(['clone', 'delete']);
    await noLockIsLeft();
  });

  describe('who resets a closed run while another request', () => {
    // The first one's task must fail before it has an effect, also on a busy machine.
    const slow = 30_000;
    afterEach(() => env.control.settings({ cloneMs: 500, revertMs: 500 }));

    /** Has its task fail and resets it to its post, where it has no lock; another one takes it just before its look. */
    const resetBeside = async (
      [first, startType]: readonly [OperationHandle, string],
      beginOther: () => Promise<OperationHandle>,
    ): Promise<OperationHandle> => {
      await env.control.task(await env.taskOf(first), { status: 'FAILED' });
      expect(await endOf(first)).toMatchObject({ type: 'TaskFailed' });
      await env.control.settings({ cloneMs: 4_000, revertMs: 4_000 });
      const start = (await env.events(first.workflowId)).find(
        (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === startType,
      );
      await env.fault({ operation: 'tasks.list', action: 'hold', count: 1 });
      const point = start?.activityTaskScheduledEventAttributes?.workflowTaskCompletedEventId;
      await resetRun(env, first, Number(point));
      const look = await env.held('tasks.list');
      const other = await beginOther();
      const taskId = await env.taskOf(other);
      await env.control.release(look);
      const { connection, snapflow } = env;
      const reset = await snapflow.operation(first.id, { connection });
      expect(await endOf(other)).toMatchObject({ result: { taskId } });
      return reset;
    };

    test('clones the same name does not take its machine, which is recorded, and ends as busy', async () => {
      await env.control.settings({ cloneMs: slow });
      const first = await env.clone('reset-beside');
      const reset = await resetBeside([first, 'startLinkedClone'], () =>
        env.snapflow.clone(
          { connection: env.connection, vm: 'web-01', snapshot: 'latest', name: 'reset-beside' },
          { requestId: 'reset-beside-other' },
        ),
      );
      expect(await endOf(reset)).toMatchObject({ type: 'Busy' });
      expect(await env.cloneEffects('reset-beside')).toEqual(['clone']);
      await noLockIsLeft();
    });

    test('reverts the same machine does not take its revert, and posts none without the lock', async () => {
      await env.control.settings({ revertMs: slow });
      const first = await env.revert('db-01');
      const beginOther = () => env.revert('db-01', {}, 'beside-other');
      const reset = await resetBeside([first, 'startRevert'], beginOther);
      await env.condition(reset, 'needs-decision');
      await env.resolve(reset, { kind: 'repeat' });
      expect(await endOf(reset)).toMatchObject({ type: 'Busy' });
      expect(await env.revertEffects('vm-1013')).toEqual(['revert']);
      await noLockIsLeft();
    });
  });

  const onPendingStart = {
    pauseActivity: (clone: OperationHandle) => env.temporal.workflowService.pauseActivity(startOf(clone)),
    unpauseActivity: (clone: OperationHandle) => env.temporal.workflowService.unpauseActivity(startOf(clone)),
    resetActivity: (clone: OperationHandle) => env.temporal.workflowService.resetActivity(startOf(clone)),
  } as const;
  const startOf = ({ workflowId, runId }: OperationHandle) => ({
    namespace: 'default',
    execution: { workflowId, runId },
    type: 'startLinkedClone',
  });

  /** How often prepare lists machines, so that a hold may wait for the start's own look. */
  const looksOfPrepare = async (name: string, vm: string): Promise<number> => {
    const count = async () => (await env.control.calls()).calls['vm.list'] ?? 0;
    const before = await count();
    await (await env.clone(name, { vm })).result();
    // One of them was the start's, one that of the wait.
    return (await count()) - before - 2;
  };

  describe.each([
    ['pauses and unpauses', ['pauseActivity', 'unpauseActivity'], ['web-01', 'web-02']],
    ['resets', ['resetActivity'], ['web-03', 'web-04']],
    [
      'pauses, resets and unpauses',
      ['pauseActivity', 'resetActivity', 'unpauseActivity'],
      ['web-05', 'web-06'],
    ],
  ] as const)('who %s a pending start', (title, calls, [vm, counted]) => {
    test.each([
      ['before its look', 'vm.list'],
      ['while its post is on its way', 'linkedClone'],
    ])('%s has nothing posted twice', async (when, operation) => {
      const name = `${title} ${when}`.replaceAll(/[^a-z]+/g, '-').slice(0, 40);
      // Prepare lists machines, too. Clones of one machine may share what it lists.
      const skip = operation === 'vm.list' ? await looksOfPrepare(`count-${name}`, counted) : 0;
      await env.fault({ operation, action: 'hold', count: 1, skip });
      const clone = await env.clone(name, { vm });
      await env.scheduled(clone, 'startLinkedClone');
      const hold = await env.held(operation);
      for (const call of calls) await onPendingStart[call](clone);
      await env.control.release(hold);
      expect(await endOf(clone)).toMatchObject({ result: { name } });
      expect(await env.cloneEffects(name)).toEqual(['clone']);
    });
  });
});
