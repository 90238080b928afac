import { openEnvironment } from '../../environment/open-environment';
import type { ThreadEnvironment } from '../../environment/threads';

const CLONES = 50;
/** On a busy machine a burst is spread over some seconds, of which each two have a read of their own. */
const READS_AT_MOST = CLONES / 2;

let env: ThreadEnvironment;
beforeAll(async () => {
  env = await openEnvironment({
    as: 'threads',
    limits: { tasksInFlight: CLONES },
    simulator: { maxClones: CLONES },
  });
});
afterAll(() => env.close());

test('clones that are asked for together are looked up together; each has its own baseline, check and effect', async () => {
  const names = Array.from({ length: CLONES }, (_, n) => `ci-${n}`);
  const { calls: before } = await env.control.calls();
  const ends = names.map(async (name) => {
    const request = { connection: env.connection, vm: 'web-01', snapshot: 'latest', name };
    return (await env.snapflow.clone(request, { requestId: name })).result();
  });
  const made = await Promise.all(ends);
  const { calls } = await env.control.calls();
  const asked = (operation: string) => (calls[operation] ?? 0) - (before[operation] ?? 0);
  for (const read of ['cluster.list', 'datacenter.list', 'folder.list', 'privileges.check']) {
    expect(asked(read)).toBeGreaterThan(0);
    expect(asked(read)).toBeLessThanOrEqual(READS_AT_MOST);
  }
  // The newest snapshot is each one's own, as is the check right before the post.
  expect(asked('snapshots.list')).toBe(CLONES);
  expect(asked('linkedClone')).toBe(CLONES);
  expect(new Set(made.map(({ vmId }) => vmId)).size).toBe(CLONES);
  expect((await env.control.ledger()).map(({ name = '' }) => name).toSorted()).toEqual(names.toSorted());
});
