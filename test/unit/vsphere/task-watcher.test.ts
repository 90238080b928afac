import { setMaxListeners } from 'node:events';

import { VsphereError, type Listed, type ListedTask } from '../../../src/vsphere';
import type { TaskFilter } from '../../../src/vsphere/snapservice';
import type { TaskInfo } from '../../../src/vsphere/tasks';
import { TaskWatcher, type WatchNews } from '../../../src/vsphere/task-watcher';

const info = (status: TaskInfo['status'], completed = 0): TaskInfo => ({
  status,
  service: 'com.vmware.snapservice.clusters.virtual_machines',
  operation: 'linked_clone',
  progress: { completed, total: 100, message: '' },
});

const failure = (kind: VsphereError['kind'], errorType?: string, retryAfterMs?: number): VsphereError =>
  new VsphereError('the appliance does not answer', {
    kind,
    retryAfterMs,
    effect: 'none',
    operation: 'tasks.list',
    host: 'appliance',
    remedy: 'try again',
    errorType,
  });

/** An appliance of a few tasks and a clock that only `pass` moves; both count what they are asked. */
class World {
  readonly tasks = new Map<string, TaskInfo>();
  /** Left out of lists, found by id. */
  readonly hidden = new Set<string>();
  /** Records that cannot be read, alone or in a list. */
  readonly unreadable = new Set<string>();
  unreadableAs: VsphereError['kind'] = 'malformed';
  readonly filters: TaskFilter[] = [];
  gets = 0;
  inFlight = 0;
  peak = 0;
  failing: VsphereError | undefined;
  nowMs = 0;
  timers: { at: number; callback: () => void }[] = [];

  readonly watcher = new TaskWatcher(
    { listTasks: (filter) => this.list(filter), getTask: (taskId) => this.get(taskId) },
    {
      clock: { nowMs: () => this.nowMs, monotonicMs: () => this.nowMs },
      random: () => 0,
      schedule: (delayMs, callback) => {
        const timer = { at: this.nowMs + delayMs, callback };
        this.timers.push(timer);
        return () => void (this.timers = this.timers.filter((other) => other !== timer));
      },
    },
  );

  /** Lets time pass, timer by timer, and every reply arrive. */
  async pass(ms: number): Promise<void> {
    const until = this.nowMs + ms;
    for (;;) {
      const [next] = this.timers.toSorted((a, b) => a.at - b.at);
      if (next === undefined || next.at > until) break;
      this.timers = this.timers.filter((other) => other !== next);
      this.nowMs = next.at;
      next.callback();
      for (let turn = 0; turn < 200; turn++) await Promise.resolve();
    }
    this.nowMs = until;
  }

  private async list(filter: TaskFilter): Promise<Listed<ListedTask>> {
    this.filters.push(filter);
    this.peak = Math.max(this.peak, ++this.inFlight);
    await Promise.resolve();
    this.inFlight -= 1;
    if (this.failing !== undefined) throw this.failing;
    if (filter.tasks?.some((taskId) => this.unreadable.has(taskId)) === true)
      throw failure(this.unreadableAs);
    const items = [...this.tasks]
      .filter(([taskId]) => !this.hidden.has(taskId))
      .filter(([taskId]) => filter.tasks?.includes(taskId) ?? true)
      .filter(([, { status }]) => filter.statuses?.some((wanted) => wanted === status) ?? true)
      .map(([taskId, each]) => ({ taskId, info: each }));
    return { items };
  }

  private async get(taskId: string): Promise<TaskInfo> {
    this.gets += 1;
    if (this.unreadable.has(taskId)) throw failure(this.unreadableAs);
    const found = this.tasks.get(taskId);
    if (found === undefined) throw failure('not-found');
    return found;
  }
}

/** Watched by many in one test, which is no leak. */
const never = new AbortController().signal;
setMaxListeners(0, never);
const quiet = () => undefined;
/** What one task of a list may make the whole list fail with. */
const OF_ONE_TASK = ['malformed', 'invalid-argument', 'forbidden', 'server-error'] as const;

test('many waits are one question a tick, and never two at once', async () => {
  const world = new World();
  for (let n = 0; n < 80; n++) world.tasks.set(`t${n}`, info('RUNNING'));
  const waits = [...world.tasks.keys()].map((taskId) => world.watcher.watch(taskId, quiet, never));
  await world.pass(9_000);
  expect(world.filters.length).toBeLessThanOrEqual(9_000 / 500);
  expect(world.filters.length).toBeGreaterThanOrEqual(5);
  expect(world.peak).toBe(1);
  expect(world.gets).toBe(0);
  for (const taskId of world.tasks.keys()) world.tasks.set(taskId, info('SUCCEEDED', 100));
  await world.pass(6_000);
  expect(await Promise.all(waits)).toHaveLength(80);
  expect(world.watcher.size).toBe(0);
});

test('more than fit a request line: one call a poll still, and each is asked for in its turn', async () => {
  const world = new World();
  for (let n = 0; n < 1_000; n++) world.tasks.set(`t${n}`, info('RUNNING'));
  const waits = [...world.tasks.keys()].map((taskId) => world.watcher.watch(taskId, quiet, never));
  await world.pass(60_000);
  const before = world.filters.length;
  await world.pass(60_000);
  expect(world.filters.length - before).toBeLessThanOrEqual(120);
  expect(world.filters.every(({ tasks = [] }) => tasks.length <= 110)).toBe(true);
  const asked = new Set(world.filters.slice(before).flatMap(({ tasks = [] }) => tasks));
  expect(asked.size).toBe(1_000);
  world.tasks.set('t7', info('SUCCEEDED', 100));
  await world.pass(10_000);
  expect(await waits[7]).toMatchObject({ kind: 'ended', info: { status: 'SUCCEEDED' } });
});

test('a task that is about to end by its progress goes before a thousand that are not', async () => {
  const world = new World();
  for (let n = 0; n < 1_000; n++) world.tasks.set(`t${n}`, info('RUNNING'));
  for (const taskId of world.tasks.keys()) void world.watcher.watch(taskId, quiet, never);
  await world.pass(100_000);
  world.tasks.set('t7', info('RUNNING', 99.6));
  await world.pass(10_000);
  const seen = world.filters.length;
  await world.pass(5_000);
  const asking = world.filters.slice(seen);
  const often = asking.filter(({ tasks = [] }) => tasks.includes('t7')).length;
  expect(often).toBeGreaterThanOrEqual(asking.length - 1);
});

test('more are late than one call can ask for: a few calls a poll, never one for each', async () => {
  const world = new World();
  for (let n = 0; n < 5_000; n++) world.tasks.set(`t${n}`, info('RUNNING'));
  for (const taskId of world.tasks.keys()) void world.watcher.watch(taskId, quiet, never);
  await world.pass(30_000);
  const before = world.filters.length;
  await world.pass(10_000);
  expect(world.filters.length - before).toBeLessThanOrEqual(100);
  expect(world.filters.length - before).toBeGreaterThan(50);
});

test('a task that a list leaves out is looked up by its id', async () => {
  const world = new World();
  world.tasks.set('t', info('FAILED'));
  world.hidden.add('t');
  const wait = world.watcher.watch('t', quiet, never);
  await world.pass(500);
  expect(await wait).toMatchObject({ kind: 'ended', info: { status: 'FAILED' } });
});

test('however many tasks a list leaves out, each has its turn to be looked up', async () => {
  const world = new World();
  for (let n = 0; n < 25; n++) {
    world.tasks.set(`t${n}`, info('RUNNING'));
    world.hidden.add(`t${n}`);
  }
  const waits = [...world.tasks.keys()].map((taskId) => world.watcher.watch(taskId, quiet, never));
  await world.pass(5_000);
  world.tasks.set('t24', info('SUCCEEDED', 100));
  await world.pass(10_000);
  expect(await Promise.race([waits[24], Promise.resolve('not seen')])).toMatchObject({ kind: 'ended' });
});

test.each(OF_ONE_TASK)('a task that fails as %s blocks its own wait, and no other', async (kind) => {
  const world = new World();
  world.unreadableAs = kind;
  const news = new Map<string, WatchNews[]>();
  for (let n = 0; n < 25; n++) {
    world.tasks.set(`t${n}`, info('RUNNING'));
    news.set(`t${n}`, []);
  }
  world.unreadable.add('t3');
  for (const taskId of world.tasks.keys())
    void world.watcher.watch(taskId, (each) => news.get(taskId)?.push(each), never);
  await world.pass(10_000);
  const blocked = [...news].filter(([, told]) => told.some(({ kind }) => kind === 'blocked'));
  expect(blocked.map(([taskId]) => taskId)).toEqual(['t3']);
  expect([...news.values()].every((told) => told.length > 0)).toBe(true);
  expect(world.gets).toBeLessThan(60);
});

test('a task that fails among more than a call can ask for leaves the other calls of the poll alone', async () => {
  const world = new World();
  world.unreadableAs = 'invalid-argument';
  const seen = new Set<string>();
  for (let n = 0; n < 500; n++) world.tasks.set(`t${n}`, info('RUNNING'));
  world.unreadable.add('t3');
  for (const taskId of world.tasks.keys())
    void world.watcher.watch(taskId, ({ kind }) => kind === 'progress' && seen.add(taskId), never);
  await world.pass(30_000);
  expect(seen.size).toBe(499);
  world.tasks.set('t400', info('SUCCEEDED', 100));
  await world.pass(10_000);
  expect(world.watcher.size).toBe(499);
});

test.each(['unreachable', 'unauthenticated', 'busy', 'unavailable', 'interrupted'] as const)(
  'a list that fails as %s is the failure of its connection: no task is looked up alone',
  async (kind) => {
    const world = new World();
    for (let n = 0; n < 25; n++) world.tasks.set(`t${n}`, info('RUNNING'));
    for (const taskId of world.tasks.keys()) void world.watcher.watch(taskId, quiet, never);
    world.failing = failure(kind);
    await world.pass(60_000);
    expect(world.gets).toBe(0);
    expect(world.filters.length).toBeLessThan(10);
  },
);

test('a record that cannot be read is kept out of lists: it costs calls once, not in every poll', async () => {
  const world = new World();
  for (let n = 0; n < 25; n++) world.tasks.set(`t${n}`, info('RUNNING'));
  world.unreadable.add('t3');
  for (const taskId of world.tasks.keys()) void world.watcher.watch(taskId, quiet, never);
  await world.pass(10_000);
  const before = { gets: world.gets, lists: world.filters.length };
  await world.pass(60_000);
  expect(world.gets - before.gets).toBeLessThanOrEqual(15);
  expect(world.gets - before.gets).toBeGreaterThanOrEqual(10);
  const lists = world.filters.slice(before.lists);
  expect(lists.length).toBeLessThanOrEqual(30);
  expect(lists.some(({ tasks = [] }) => tasks.includes('t3'))).toBe(false);
});

test('one record that cannot be read, watched alone, makes no other wait later', async () => {
  const world = new World();
  world.tasks.set('t0', info('RUNNING'));
  world.unreadable.add('t0');
  void world.watcher.watch('t0', quiet, never);
  await world.pass(120_000);
  world.tasks.set('t1', info('SUCCEEDED', 100));
  let seen: unknown;
  void world.watcher.watch('t1', quiet, never).then((end) => (seen = end));
  await world.pass(1_000);
  expect(seen).toMatchObject({ kind: 'ended' });
});

test('a status that nobody knows is read in lists, with all others', async () => {
  const world = new World();
  for (let n = 0; n < 25; n++) world.tasks.set(`t${n}`, info('UNKNOWN'));
  for (const taskId of world.tasks.keys()) void world.watcher.watch(taskId, quiet, never);
  await world.pass(60_000);
  expect(world.filters.length).toBeGreaterThan(10);
  expect(world.gets).toBe(0);
});

test.each(OF_ONE_TASK)(
  'where every task fails as %s the server is asked more and more seldom',
  async (kind) => {
    const world = new World();
    world.unreadableAs = kind;
    const blocked = new Set<string>();
    for (let n = 0; n < 25; n++) {
      world.tasks.set(`t${n}`, info('RUNNING'));
      world.unreadable.add(`t${n}`);
    }
    for (const taskId of world.tasks.keys())
      void world.watcher.watch(taskId, ({ kind }) => kind === 'blocked' && blocked.add(taskId), never);
    await world.pass(60_000);
    expect(blocked.size).toBe(25);
    expect(world.gets + world.filters.length).toBeLessThan(100);
    world.unreadable.clear();
    const before = world.gets;
    await world.pass(60_000);
    expect(world.gets - before).toBeLessThanOrEqual(40);
  },
);

test('a status that nobody knows blocks the wait, and is no end', async () => {
  const world = new World();
  world.tasks.set('t', { ...info('UNKNOWN'), oddStatus: 'CONTEMPLATING' });
  const news: WatchNews[] = [];
  const wait = world.watcher.watch('t', (each) => news.push(each), never);
  await world.pass(5_000);
  expect(news).not.toHaveLength(0);
  for (const each of news)
    expect(each).toMatchObject({
      kind: 'blocked',
      error: { message: expect.stringContaining('CONTEMPLATING') },
    });
  world.tasks.set('t', info('SUCCEEDED', 100));
  await world.pass(6_000);
  expect(await wait).toMatchObject({ kind: 'ended' });
});

test('a record that is missing counts as gone only after it had time to appear', async () => {
  const world = new World();
  let ended: unknown;
  void world.watcher.watch('t', quiet, never).then((end) => (ended = end));
  await world.pass(14_000);
  expect(ended).toBeUndefined();
  await world.pass(6_000);
  expect(ended).toEqual({ kind: 'gone' });
});

test('a failing poll is news and is asked again more and more seldom, never an end', async () => {
  const world = new World();
  world.tasks.set('t', info('RUNNING'));
  const news: WatchNews[] = [];
  const wait = world.watcher.watch('t', (each) => news.push(each), never);
  world.failing = failure('unreachable');
  await world.pass(60_000);
  expect(world.filters.length).toBeLessThan(10);
  expect(news.every(({ kind }) => kind === 'blocked')).toBe(true);
  world.failing = undefined;
  world.tasks.set('t', info('SUCCEEDED', 100));
  await world.pass(31_000);
  expect(await wait).toMatchObject({ kind: 'ended' });
});

test('a poll that is answered with Retry-After is repeated no sooner than that', async () => {
  const world = new World();
  world.tasks.set('t', info('RUNNING'));
  void world.watcher.watch('t', quiet, never);
  world.failing = failure('unavailable', undefined, 25_000);
  await world.pass(1_000);
  expect(world.filters).toHaveLength(1);
  await world.pass(24_000);
  expect(world.filters).toHaveLength(1);
  await world.pass(1_000);
  expect(world.filters).toHaveLength(2);
});

test('a long quiet task is asked for less often, a short one beside it as often as it needs', async () => {
  const world = new World();
  world.tasks.set('long', info('RUNNING'));
  void world.watcher.watch('long', quiet, never);
  await world.pass(600_000);
  const before = world.filters.length;
  await world.pass(60_000);
  expect(world.filters.length - before).toBeLessThanOrEqual(13);
  world.tasks.set('short', info('SUCCEEDED', 100));
  const wait = world.watcher.watch('short', quiet, never);
  await world.pass(500);
  expect(await wait).toMatchObject({ kind: 'ended' });
});

test('a wait that is given up is forgotten at once, its listener too', async () => {
  const world = new World();
  world.tasks.set('t', info('RUNNING'));
  const leave = new AbortController();
  const wait = world.watcher.watch('t', quiet, leave.signal);
  leave.abort(new Error('enough'));
  await expect(wait).rejects.toThrow('enough');
  expect(world.watcher.size).toBe(0);
  await world.pass(10_000);
  expect(world.filters).toHaveLength(0);
});
