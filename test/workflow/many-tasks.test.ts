import { eventually } from '../environment/eventually';
import { openEnvironment } from '../environment/open-environment';
import type { ThreadEnvironment } from '../environment/threads';

/** One more than the service lists. */
const TOO_MANY = 1_001;

describe('more ended tasks of our own account than the service lists', () => {
  let env: ThreadEnvironment;
  beforeAll(async () => {
    env = await openEnvironment({ as: 'threads' });
    await env.control.addEndedTasks({ count: TOO_MANY, kind: 'restore' });
  });
  afterAll(() => env.close());
  afterEach(() => env.control.call('DELETE', '/faults'));

  const loseReply = (operation: 'linkedClone' | 'revert', position: 'before' | 'after') =>
    env.control.fault({ operation, position, action: 'reset', count: 1 });
  const effects = async (kind: string, field: 'name' | 'vm', value: string) =>
    (await env.control.ledger()).filter((effect) => effect.kind === kind && effect[field] === value);
  const clone = (name: string) =>
    env.snapflow.clone({ connection: env.connection, vm: 'web-01', snapshot: 'latest', name });
  const revert = (vm: string) =>
    env.snapflow.revert({ connection: env.connection, vm, snapshot: 'nightly-0411' });

  test('a lost clone before any task of ours was seen asks, says why, and is not posted again', async () => {
    await loseReply('linkedClone', 'before');
    const lost = await clone('many-1');
    const { why } = await eventually('it asks', () => lost.question(), 60_000);
    expect(why).toContain('More than 1000 tasks match');
    expect(await effects('clone', 'name', 'many-1')).toEqual([]);
    await lost.resolve({ kind: 'abandon' });
    await expect(lost.result()).rejects.toMatchObject({ failure: { type: 'OutcomeUnknown' } });
  });

  test('a clone has one effect, and from then on one whose reply is lost is adopted or posted again by itself', async () => {
    await (await clone('many-2')).result();
    for (const [name, position] of [
      ['many-3', 'after'],
      ['many-4', 'before'],
    ] as const) {
      await loseReply('linkedClone', position);
      const { vmId } = await (await clone(name)).result();
      expect(await effects('clone', 'name', name)).toEqual([expect.objectContaining({ resultVm: vmId })]);
    }
  });

  test('a revert has one effect, and from then on one whose reply is lost is adopted, not repeated', async () => {
    await (await revert('vm-1001')).result();
    expect(await effects('revert', 'vm', 'vm-1001')).toHaveLength(1);
    await loseReply('revert', 'after');
    const { taskId } = await (await revert('vm-1002')).result();
    expect(await effects('revert', 'vm', 'vm-1002')).toEqual([expect.objectContaining({ task: taskId })]);
  });

  test('as many of the operation itself: a lost revert asks and says why, and is not repeated', async () => {
    await env.control.addEndedTasks({ count: TOO_MANY, kind: 'revert', vm: 'vm-1010' });
    await loseReply('revert', 'after');
    const lost = await revert('vm-1003');
    const { why } = await eventually('it asks', () => lost.question(), 60_000);
    expect(why).toMatch(/appeared|RESOURCE_INACCESSIBLE/);
    await lost.resolve({ kind: 'done' });
    await lost.result();
    expect(await effects('revert', 'vm', 'vm-1003')).toHaveLength(1);
  });

  test('doctor warns of them', async () => {
    expect(await env.snapflow.doctor()).toContainEqual(
      expect.objectContaining({
        check: 'tasks',
        state: 'warning',
        message: expect.stringContaining('more than 1000 ended tasks'),
      }),
    );
  });
});
