import { revertLockId } from '../../../src/contract/operations';
import { endOf, openFaultEnvironment, type FaultEnvironment } from './fault-environment';

describe('a machine that is not as it was seen when its revert is posted', () => {
  let env: FaultEnvironment;
  beforeAll(async () => {
    env = await openFaultEnvironment({ simulator: { revertMs: 300 } });
  });
  afterAll(() => env.close());
  beforeEach(() => env.clearFaults());

  const noRoom = { status: 400, errorType: 'NOT_ALLOWED_IN_CURRENT_STATE' };
  const snapshotOf = async (vmId: string, name: string): Promise<string> => {
    const { inventory } = (await env.control.state()) as unknown as {
      inventory: { snapshots: readonly { id: string; vm: string; name: string }[] };
    };
    return inventory.snapshots.find((each) => each.vm === vmId && each.name === name)?.id ?? '';
  };
  const revertsOf = async (vmId: string) =>
    (await env.control.ledger()).filter(({ vm, kind }) => vm === vmId && kind === 'revert');
  /** A revert by our own account that this request knows nothing of. */
  const revertedBeside = async (vmId: string, name: string) => {
    const sibling = await env.sibling();
    await sibling.startRevert('domain-c8', vmId, { snapshot: await snapshotOf(vmId, name) });
    await sibling.settled(vmId);
  };

  test('reverted to another snapshot by our account while it had no room: what came is the new baseline, and its own revert is made', async () => {
    const [vm, vmId] = ['web-01', 'vm-1001'];
    await env.fault({ operation: 'revert', action: 'hold', count: 1 });
    const handle = await env.revert(vm);
    const hold = await env.held('revert');
    await revertedBeside(vmId, 'nightly-0412');
    // The next call is lost before any effect: what our account did meanwhile must not pass for it.
    await env.fault({ operation: 'revert', position: 'before', action: 'reset', count: 1 });
    await env.control.release(hold, noRoom);
    const { result } = await endOf(handle);
    const reverts = await revertsOf(vmId);
    expect(reverts.map(({ snapshot }) => snapshot)).toEqual([
      await snapshotOf(vmId, 'nightly-0412'),
      await snapshotOf(vmId, 'nightly-0411'),
    ]);
    expect(result).toMatchObject({ taskId: reverts.at(-1)?.task });
    const taken = (await env.control.ledger()).filter(
      ({ vm: of, kind }) => of === vmId && kind === 'snapshot',
    );
    expect(result).toMatchObject({ undoSnapshotId: taken.at(-1)?.snapshot });
  });

  test.each([
    [
      'powered on',
      'web-02',
      'vm-1002',
      'the machine is POWERED_ON',
      (vmId: string) => env.control.vm(vmId, { power: 'POWERED_ON' }),
    ],
    [
      'reverted by another client',
      'web-03',
      'vm-1003',
      'followed it',
      (vmId: string) => revertedBeside(vmId, 'nightly-0412'),
    ],
  ])(
    '%s while its undo pauses: it is left as it is, and the failure says why',
    async (_title, vm, vmId, why, meddle) => {
      await env.control.settings({ revertMs: 3_000 });
      const handle = await env.revert(vm);
      await env.taskOf(handle);
      await env.control.settings({ revertMs: 300 });
      await env.fault({ operation: 'revert', action: 'hold', count: 1 });
      await handle.cancel();
      const hold = await env.held('revert');
      await meddle(vmId);
      const before = await env.revertEffects(vmId);
      await env.control.release(hold, noRoom);
      const end = await endOf(handle);
      expect(end).toMatchObject({ type: 'CompensationIncomplete', details: { vmId } });
      expect(end.message).toContain(why);
      expect(await env.revertEffects(vmId)).toEqual(before);
    },
  );

  describe('and of which a list hides a record from', () => {
    afterEach(() => env.control.settings({ oddRecords: [] }));

    /** A record of an ended task of another machine has no readable id from now on. */
    const hiding = async () => {
      const { tasks } = await env.control.addEndedTasks({ count: 1, kind: 'revert', vm: 'vm-1010' });
      return () =>
        env.control.settings({
          oddRecords: [{ operation: 'tasks.list', id: tasks[0], field: 'task', value: '' }],
        });
    };
    const hasUndoStart = async (workflowId: string) =>
      (await env.events(workflowId)).some(({ activityTaskScheduledEventAttributes: scheduled }) =>
        (scheduled?.input?.payloads ?? []).some(({ data }) =>
          Buffer.from(data ?? []).includes('"purpose":"undo"'),
        ),
      );

    test.each([
      ['the moment its task ends: no undo is begun', 'web-01', 'vm-1001', false],
      ['the pause of its undo: nothing more is posted', 'web-02', 'vm-1002', true],
    ])('%s, and the failure says why', async (_title, vm, vmId, isBegun) => {
      const hide = await hiding();
      await env.control.settings({ revertMs: 3_000 });
      const handle = await env.revert(vm, {}, `hidden-${vm}`);
      await env.taskOf(handle);
      await env.control.settings({ revertMs: 300 });
      const before = [...(await env.revertEffects(vmId))];
      if (isBegun) await env.fault({ operation: 'revert', action: 'hold', count: 1 });
      else await hide();
      await handle.cancel();
      if (isBegun) {
        const hold = await env.held('revert');
        await hide();
        await env.control.release(hold, noRoom);
      }
      const end = await endOf(handle);
      expect(end).toMatchObject({ type: 'CompensationIncomplete', details: { vmId } });
      expect(end.message).toContain('without a readable id');
      expect(await env.revertEffects(vmId)).toEqual([...before, 'revert']);
      expect(await hasUndoStart(handle.workflowId)).toBe(isBegun);
    });
  });

  test('whose lock is ended from outside before its power is restored: it stays off, and a warning says why', async () => {
    const [vm, vmId] = ['web-04', 'vm-1004'];
    await env.control.settings({ revertMs: 300 });
    await env.control.vm(vmId, { power: 'POWERED_ON' });
    // Read by the first look and by the start, and then by verify.
    await env.fault({ operation: 'power.get', action: 'hold', count: 1, skip: 2 });
    const handle = await env.revert(vm, { restorePower: true });
    const hold = await env.held('power.get');
    await env.temporal.workflow.getHandle(revertLockId(env.connection, vmId)).terminate('test');
    await env.control.release(hold);
    const { result } = await endOf(handle);
    expect(result).toMatchObject({ powerState: 'POWERED_OFF' });
    expect((await handle.describe()).warnings).toMatchObject([
      { type: 'PowerNotRestored', message: expect.stringContaining('was ended from outside') },
    ]);
    expect(await env.revertEffects(vmId)).toEqual(['revert']);
  });
});
