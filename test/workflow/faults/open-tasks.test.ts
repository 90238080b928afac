import { endOf, openFaultEnvironment, type FaultEnvironment } from './fault-environment';

/** Tasks of others that never end, begun while a start's outcome is unknown. */
describe('a start whose outcome is unknown', () => {
  let env: FaultEnvironment;
  beforeAll(async () => {
    env = await openFaultEnvironment({ operation: { waitBudgetMs: 2_000, quarantineMs: 500 } });
  });
  afterAll(() => env.close());

  /** A clone whose call is lost before its effect, when `meanwhile` has happened. */
  const lostMeanwhile = async (name: string, meanwhile: () => Promise<unknown>) => {
    await env.fault({ operation: 'linkedClone', action: 'hold', count: 1 });
    const handle = await env.clone(name);
    const hold = await env.held('linkedClone');
    await meanwhile();
    await env.control.release(hold, 'reset');
    return handle;
  };
  const neverEnds = (taskId: string) => env.control.task(taskId, { status: 'BLOCKED' });

  test('beside a task of another account that never ends is posted again, once, and waits for nobody', async () => {
    const other = await env.otherUser();
    const state = await env.control.state<{
      inventory: { snapshots: readonly { id: string; vm: string }[] };
    }>();
    const snapshot = state.inventory.snapshots.find(({ vm }) => vm === 'vm-1005')?.id ?? '';
    const handle = await lostMeanwhile('beside-theirs', async () =>
      neverEnds(await other.startRevert('domain-c8', 'vm-1005', { snapshot })),
    );
    expect(await endOf(handle)).toMatchObject({ result: { name: 'beside-theirs' } });
    expect(await env.cloneEffects('beside-theirs')).toEqual(['clone']);
  });

  test('beside a task of its own account that does not end in time asks an operator, and ends as he says', async () => {
    const handle = await lostMeanwhile('beside-ours', async () => {
      const sibling = await env.clone('sibling');
      await neverEnds(await env.taskOf(sibling));
    });
    await env.condition(handle, 'needs-decision');
    expect(await endOf(handle)).toMatchObject({
      type: 'NeedsDecision',
      details: { why: expect.stringContaining('may be of this request, and it has not ended in time') },
    });
    expect(await env.cloneEffects('beside-ours')).toEqual([]);
    await env.resolve(handle, { kind: 'repeat' });
    expect(await endOf(handle)).toMatchObject({ result: { name: 'beside-ours' } });
    expect(await env.cloneEffects('beside-ours')).toEqual(['clone']);
  });
});
