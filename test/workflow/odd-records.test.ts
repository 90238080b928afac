import { openEnvironment } from '../environment/open-environment';
import type { ThreadEnvironment } from '../environment/threads';
import { eventually } from '../environment/eventually';

/** Fields that one record tells in another way than documented. */
const ODD_TASK: readonly (readonly [string, unknown])[] = [
  ['info.cancelable', undefined],
  ['info.operation', ''],
  ['info.user', ''],
  ['info.progress.completed', 33.3],
  ['info.start_time', '2026-01-01T00:00:00'],
  ['info.error', { error_type: 'ERROR', messages: [] }],
];

describe('records that are not as documented', () => {
  let env: ThreadEnvironment;
  beforeAll(async () => {
    env = await openEnvironment({ as: 'threads' });
  });
  afterAll(() => env.close());
  afterEach(async () => {
    await env.control.call('DELETE', '/faults');
    await env.control.settings({ oddRecords: [] });
  });

  const odd = (operation: string, id: string, fields: readonly (readonly [string, unknown])[]) =>
    env.control.settings({
      oddRecords: fields.map(([field, value]) => ({ operation, id, field, value })),
    });
  const endedTask = async (ended: Record<string, unknown> = {}) => {
    const { tasks } = await env.control.addEndedTasks({ count: 1, vm: 'vm-1002', ...ended });
    return tasks[0]!;
  };
  const effects = async (kind: string, of: Record<string, unknown>) =>
    (await env.control.ledger()).filter((effect) => effect.kind === kind && matches(effect, of));
  const matches = (effect: object, of: Record<string, unknown>) =>
    Object.entries(of).every(([field, value]) => (effect as Record<string, unknown>)[field] === value);
  const snapshotCalled = async (name: string, vm: string) => {
    const { snapshots } = await env.snapflow.snapshots({ connection: env.connection, vm });
    return snapshots.find((each) => each.name === name)?.snapshotId ?? '';
  };

  test('an ended task of another machine of which nothing else reads: a lost clone is adopted, not repeated', async () => {
    await odd('tasks.list', await endedTask(), ODD_TASK);
    await env.control.fault({ operation: 'linkedClone', position: 'after', action: 'reset', count: 1 });
    const clone = await env.snapflow.clone({
      connection: env.connection,
      vm: 'web-01',
      snapshot: 'latest',
      name: 'odd-1',
    });
    const { vmId, taskId } = await clone.result();
    expect(await effects('clone', { name: 'odd-1' })).toEqual([
      expect.objectContaining({ resultVm: vmId, task: taskId }),
    ]);
  });

  test('an ended task of another machine of which nothing else reads: a lost revert is adopted, not repeated', async () => {
    await odd('tasks.list', await endedTask({ kind: 'revert' }), ODD_TASK);
    await env.control.fault({ operation: 'revert', position: 'after', action: 'reset', count: 1 });
    const { connection } = env;
    const revert = await env.snapflow.revert({ connection, vm: 'web-01', snapshot: 'nightly-0411' });
    const { taskId } = await revert.result();
    expect(await effects('revert', { vm: 'vm-1001' })).toEqual([expect.objectContaining({ task: taskId })]);
  });

  test('a task without an id, and no clone is found after a lost reply: an operator is asked, and nothing is posted', async () => {
    await odd('tasks.list', await endedTask(), [['task', '']]);
    await env.control.fault({ operation: 'linkedClone', position: 'before', action: 'reset', count: 1 });
    const clone = await env.snapflow.clone({
      connection: env.connection,
      vm: 'web-01',
      snapshot: 'latest',
      name: 'odd-2',
    });
    const question = await eventually('it asks', () => clone.question());
    expect(question.why).toContain('without a readable id');
    expect(await effects('clone', { name: 'odd-2' })).toEqual([]);
    await clone.resolve({ kind: 'repeat' });
    await env.control.settings({ oddRecords: [] });
    const { vmId } = await clone.result();
    expect(await effects('clone', { name: 'odd-2' })).toEqual([expect.objectContaining({ resultVm: vmId })]);
  });

  test('a snapshot of an unknown type and one without a readable date: the others are used, both are listed', async () => {
    const [strange, undated] = [
      await snapshotCalled('nightly-0412', 'web-03'),
      await snapshotCalled('nightly-0411', 'web-03'),
    ];
    await env.control.settings({
      oddRecords: [
        { operation: 'snapshots.list', id: strange, field: 'info.snapshot_type', value: 'TIERED' },
        { operation: 'snapshots.list', id: undated, field: 'info.created_at', value: '2026-04-11T23:59:60Z' },
      ],
    });
    const { connection } = env;
    const { snapshots } = await env.snapflow.snapshots({ connection, vm: 'web-03' });
    expect(snapshots).toContainEqual(expect.objectContaining({ snapshotId: strange, type: 'TIERED' }));
    expect(snapshots).toContainEqual(
      expect.objectContaining({ snapshotId: undated, unusable: expect.stringContaining('created_at') }),
    );
    const clone = await env.snapflow.clone({ connection, vm: 'web-03', snapshot: 'latest', name: 'odd-3' });
    await clone.result();
    const [made] = await effects('clone', { name: 'odd-3' });
    expect([strange, undated]).not.toContain(made?.snapshot);
    const refused = await env.snapflow.clone({
      connection,
      vm: 'web-03',
      snapshot: 'nightly-0411',
      name: 'odd-4',
    });
    await expect(refused.result()).rejects.toMatchObject({ failure: { type: 'SnapshotUnsuitable' } });
    expect(await effects('clone', { name: 'odd-4' })).toEqual([]);
  });

  test('an open task whose target does not read may be of the machine: a revert waits for its end', async () => {
    await env.control.settings({ revertMs: 2_500 });
    const other = await env.otherUser();
    const taskId = await other.startRevert('domain-c8', 'vm-1005', {
      snapshot: await snapshotCalled('nightly-0411', 'vm-1005'),
    });
    await odd('tasks.list', taskId, [['info.target', 'vm-1005']]);
    const { connection } = env;
    const revert = await env.snapflow.revert({ connection, vm: 'vm-1004', snapshot: 'nightly-0411' });
    await revert.result();
    const reverts = (await env.control.ledger()).filter(({ kind }) => kind === 'revert');
    const order = reverts.map(({ vm }) => vm).filter((vm) => vm === 'vm-1005' || vm === 'vm-1004');
    expect(order).toEqual(['vm-1005', 'vm-1004']);
  });
});
