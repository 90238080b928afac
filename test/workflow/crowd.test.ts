import { siteQueue } from '../../src/contract/operations';
import { eventually } from '../environment/eventually';
import { openEnvironment } from '../environment/open-environment';
import type { ThreadEnvironment } from '../environment/threads';

const SOURCE = { vm: 'web-01', snapshot: 'latest' };

/** The task queues on which activities of a type were scheduled, in their order. */
async function queuesOf(env: ThreadEnvironment, workflowId: string, type: string): Promise<string[]> {
  const { events } = await env.temporal.workflow.getHandle(workflowId).fetchHistory();
  return (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: activity }) =>
    activity?.activityType?.name === type ? [activity.taskQueue?.name ?? ''] : [],
  );
}

describe('with places for two checks', () => {
  let env: ThreadEnvironment;
  beforeAll(async () => {
    env = await openEnvironment({ as: 'threads', limits: { checksAtOnce: 2 } });
  });
  afterAll(() => env.close());

  test('a crowd is checked in the queue of checks, two at once, and each is cloned once', async () => {
    // One more call would be a third check.
    await env.control.fault({ operation: 'snapshots.list', position: 'before', action: 'hold' });
    const held = async () => (await env.control.holds()).length;
    const crowd = await Promise.all(
      Array.from({ length: 6 }, (_, n) =>
        env.snapflow.clone({ ...SOURCE, connection: env.connection, name: `checked-${n}` }),
      ),
    );
    await eventually('two are being checked', async () => (await held()) === 2);
    const queue = siteQueue(env.taskQueue, env.connection, 'checks');
    const queued = async () =>
      (
        await Promise.all(crowd.map(({ workflowId }) => queuesOf(env, workflowId, 'prepareLinkedClone')))
      ).filter((queues) => queues.includes(queue)).length;
    await eventually('four are in the queue', async () => (await queued()) >= 4);
    expect(await held()).toBe(2);
    await env.control.clearFaults();
    for (const { hold } of await env.control.holds()) await env.control.release(hold);
    await Promise.all(crowd.map((clone) => clone.result()));
    const names = (await env.control.ledger()).map(({ name }) => name);
    expect(names).toHaveLength(crowd.length);
    expect(new Set(names)).toEqual(new Set(crowd.map((_, n) => `checked-${n}`)));
  });
});
