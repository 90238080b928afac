import { siteQueue } from '../../src/contract/operations';
import { eventually } from '../environment/eventually';
import { openEnvironment } from '../environment/open-environment';
import type { ThreadEnvironment } from '../environment/threads';

// Each waits for its turn, on a machine that may be busy.
jest.setTimeout(120_000);
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

describe('where the service takes two clones at a time', () => {
  let env: ThreadEnvironment;
  beforeAll(async () => {
    env = await openEnvironment({ as: 'threads', simulator: { maxClones: 2, cloneMs: 1_000 } });
  });
  afterAll(() => env.close());

  const clones = (prefix: string, count: number) =>
    Promise.all(
      Array.from({ length: count }, (_, n) =>
        env.snapflow.clone({ ...SOURCE, connection: env.connection, name: `${prefix}-${n}` }),
      ),
    );
  const startsOf = async (workflowId: string) => (await queuesOf(env, workflowId, 'startLinkedClone')).length;

  test('a crowd of twelve waits in the queue of clones, with hardly a start too many', async () => {
    const crowd = await clones('crowd', 12);
    await Promise.all(crowd.map((clone) => clone.result()));
    const made = (await env.control.ledger()).map(({ name }) => name);
    expect(new Set(made)).toEqual(new Set(crowd.map((_, n) => `crowd-${n}`)));
    expect(made).toHaveLength(12);
    const starts = await Promise.all(crowd.map(({ workflowId }) => startsOf(workflowId)));
    // The first four at once find room for two. Others are tries for room that others left: more on a slow machine.
    expect(starts.reduce((sum, each) => sum + each, 0)).toBeLessThan(2 * 12);
  });

  test('one that is cancelled while it waits ends at once, and was never posted', async () => {
    await env.control.settings({ maxClones: 0 });
    const [clone, other] = await clones('full', 2);
    for (const each of [clone, other])
      await eventually('it waits for a place', async () => (await startsOf(each?.workflowId ?? '')) > 0);
    await eventually('one was refused', async () => {
      const starts = await Promise.all([clone, other].map((each) => startsOf(each?.workflowId ?? '')));
      return starts.some((each) => each > 1);
    });
    await Promise.all([clone?.cancel(), other?.cancel()]);
    const whileQueued = [];
    for (const each of [clone, other]) {
      await expect(each?.result()).rejects.toMatchObject({ failure: { type: 'Cancelled' } });
      const { events } = await env.temporal.workflow.getHandle(each?.workflowId ?? '').fetchHistory();
      whileQueued.push(events?.some((event) => event.activityTaskCanceledEventAttributes));
    }
    // The other one may have been asking the service at that moment.
    expect(whileQueued).toContain(true);
    expect((await env.control.ledger()).filter(({ name }) => name?.startsWith('full'))).toEqual([]);
  });
});
