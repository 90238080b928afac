import { openEnvironment } from '../../environment/open-environment';
import type { ThreadEnvironment } from '../../environment/threads';

describe.each([
  ['cached', {}],
  ['uncached', { maxCachedWorkflows: 0 }],
])('a clone, %s', (_title, options) => {
  let env: ThreadEnvironment;
  beforeAll(async () => {
    env = await openEnvironment({ as: 'threads', ...options });
  });
  afterAll(() => env.close());

  test('has one effect, returns its machine, and takes three activities and 28 events', async () => {
    const { snapflow, connection, control } = env;
    const clone = await snapflow.clone(
      { connection, vm: 'web-01', snapshot: 'latest', name: 'ci-1' },
      { requestId: 'r1' },
    );
    const result = await clone.result();
    const [effect, ...more] = await control.ledger();
    expect(more).toEqual([]);
    expect(effect).toMatchObject({ kind: 'clone', name: 'ci-1', resultVm: result.vmId, task: result.taskId });
    const { events } = await env.temporal.workflow.getHandle(clone.workflowId).fetchHistory();
    const activities = events?.filter((event) => event.activityTaskScheduledEventAttributes) ?? [];
    expect(activities).toHaveLength(3);
    expect(events).toHaveLength(28);
  });

  test('asked for again with its request id, answers from the first run', async () => {
    const { snapflow, connection, control } = env;
    const request = { connection, vm: 'web-01', snapshot: 'latest', name: 'ci-2' };
    const first = await snapflow.clone(request, { requestId: 'r2' });
    const second = await snapflow.clone(request, { requestId: 'r2' });
    expect(await second.result()).toEqual(await first.result());
    expect((await control.ledger()).filter(({ name }) => name === 'ci-2')).toHaveLength(1);
  });

  test('with powerOn leaves the machine running', async () => {
    const { snapflow, connection, control } = env;
    const clone = await snapflow.clone({
      connection,
      vm: 'web-01',
      snapshot: 'latest',
      name: 'ci-3',
      powerOn: true,
    });
    const { vmId } = await clone.result();
    expect(await control.ledger()).toContainEqual(expect.objectContaining({ kind: 'power', vm: vmId }));
  });
});
