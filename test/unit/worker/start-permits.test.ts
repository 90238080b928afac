import * as fc from 'fast-check';
import { EVERY_OPERATION, type Operation } from '../../../src/contract/operations';
import { StartPermits } from '../../../src/worker/start-permits';

/** A connection's permits, with a clock of the test's own and the reservations that were resolved. */
function permitsOf(most: number) {
  let nowMs = 0;
  const permits = new StartPermits(most, () => nowMs);
  return {
    permits,
    pass: (ms: number) => {
      nowMs += ms;
      jest.advanceTimersByTime(ms);
    },
    reserve: (kind: Operation) => {
      const leave = new AbortController();
      const reserved = { kind, leave, isHeld: false, error: undefined as unknown };
      permits.reserve(kind, leave.signal).then(
        () => (reserved.isHeld = true),
        (error: unknown) => (reserved.error = error),
      );
      return reserved;
    },
  };
}

/** Lets what was resolved be noticed. */
const settle = () => Promise.resolve();

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** Takes a place for a start and has the service take it. */
async function started(env: ReturnType<typeof permitsOf>, taskId: string, kind: Operation = 'clone') {
  const reserved = env.reserve(kind);
  await settle();
  expect(reserved.isHeld).toBe(true);
  expect(env.permits.begin(kind)).toBeUndefined();
  env.permits.onAccepted(kind, taskId);
  env.permits.end(kind);
  env.permits.release(kind);
}

/** The service refuses the start that goes next. */
async function refused(env: ReturnType<typeof permitsOf>, kind: Operation = 'clone') {
  const reserved = env.reserve(kind);
  await settle();
  expect(reserved.isHeld).toBe(true);
  env.permits.begin(kind);
  env.permits.onRefused(kind);
  env.permits.end(kind);
  env.permits.release(kind);
}

test('no more than four starts of a kind are under way, however many places there are', async () => {
  const env = permitsOf(320);
  const all = Array.from({ length: 6 }, () => env.reserve('clone'));
  await settle();
  expect(all.map(({ isHeld }) => isHeld)).toEqual([true, true, true, true, false, false]);
  env.permits.release('clone');
  await settle();
  expect(all.filter(({ isHeld }) => isHeld)).toHaveLength(5);
});

test('after a refusal the end of a task lets one start go, and nothing else does for five seconds', async () => {
  const env = permitsOf(320);
  await started(env, 't-1');
  await started(env, 't-2');
  const ended = env.permits.watch('t-1');
  env.permits.watch('t-2');
  await refused(env);
  const next = [env.reserve('clone'), env.reserve('clone')];
  env.pass(4_900);
  await settle();
  expect(next.map(({ isHeld }) => isHeld)).toEqual([false, false]);
  ended(true);
  await settle();
  expect(next.map(({ isHeld }) => isHeld)).toEqual([true, false]);
});

test('a service that others fill is asked after 5 s, then half as long again each time, up to a minute', async () => {
  const env = permitsOf(320);
  await refused(env);
  const waited: number[] = [];
  for (let nth = 0; nth < 9; nth += 1) {
    const next = env.reserve('clone');
    let ms = 0;
    for (; !next.isHeld && ms < 120_000; ms += 100) {
      env.pass(100);
      await settle();
    }
    waited.push(Math.floor(ms / 1_000));
    env.permits.begin('clone');
    env.permits.onRefused('clone');
    env.permits.end('clone');
    env.permits.release('clone');
  }
  expect(waited).toEqual([5, 7, 11, 16, 25, 38, 57, 60, 60]);
});

test('a start that shows more room than was known opens the gate', async () => {
  const env = permitsOf(320);
  await refused(env);
  expect(env.permits.isClosed('clone')).toBe(true);
  env.pass(5_000);
  await started(env, 't-1');
  expect(env.permits.isClosed('clone')).toBe(false);
  const next = [env.reserve('clone'), env.reserve('clone'), env.reserve('clone')];
  await settle();
  expect(next.map(({ isHeld }) => isHeld)).toEqual([true, true, false]);
});

test('room that others left is looked for at every 32nd start that takes the place of one that ended', async () => {
  const env = permitsOf(320);
  await started(env, 't-0');
  let ended = env.permits.watch('t-0');
  await refused(env);
  let tries = 0;
  for (let nth = 1; nth <= 32; nth += 1) {
    ended(true);
    await started(env, `t-${nth}`);
    ended = env.permits.watch(`t-${nth}`);
    const more = env.reserve('clone');
    await settle();
    if (more.isHeld) tries += 1;
    more.leave.abort(new Error('not wanted'));
    if (more.isHeld) env.permits.release('clone');
    await settle();
  }
  expect(tries).toBe(1);
});

test('permits that poll count as free until a start begins', async () => {
  const env = permitsOf(320);
  expect(env.permits.idle('clone')).toBe(4);
  env.reserve('clone');
  await settle();
  expect(env.permits.idle('clone')).toBe(4);
  env.permits.begin('clone');
  expect(env.permits.idle('clone')).toBe(3);
});

test('a probe that is due while the limit is reached waits for the end of a task, and does not spin', async () => {
  const env = permitsOf(1);
  await refused(env);
  await started(env, 't-1', 'revert');
  const ended = env.permits.watch('t-1');
  const next = env.reserve('clone');
  env.pass(60_000);
  await settle();
  expect(next.isHeld).toBe(false);
  expect(jest.getTimerCount()).toBe(0);
  ended(true);
  await settle();
  expect(next.isHeld).toBe(true);
});

test('full of clones says nothing of reverts', async () => {
  const env = permitsOf(320);
  await refused(env);
  const revert = env.reserve('revert');
  await settle();
  expect(revert.isHeld).toBe(true);
});

test('permits of one kind that only poll keep no start of the other from going', async () => {
  const env = permitsOf(1);
  const idle = env.reserve('revert');
  const clone = env.reserve('clone');
  await settle();
  expect([idle.isHeld, clone.isHeld]).toEqual([true, true]);
  expect(env.permits.begin('clone')).toBeUndefined();
  expect(env.permits.begin('revert')).toMatch(/has 1 tasks of the connection already.*limits\.tasksInFlight/);
});

test('a task that no wait of this worker takes counts for five seconds', async () => {
  const env = permitsOf(1);
  await started(env, 't-1');
  const next = env.reserve('clone');
  env.pass(4_900);
  await settle();
  expect(next.isHeld).toBe(false);
  env.pass(200);
  await settle();
  expect(next.isHeld).toBe(true);
});

test('tasks that another process started count from when they are waited for', async () => {
  const env = permitsOf(1);
  const ended = env.permits.watch('of-another');
  const next = env.reserve('clone');
  env.pass(600_000);
  await settle();
  expect(next.isHeld).toBe(false);
  ended(true);
  await settle();
  expect(next.isHeld).toBe(true);
});

test('one that is not wanted any more is rejected with the reason of its signal itself', async () => {
  const env = permitsOf(1);
  await started(env, 't-1');
  const left = env.reserve('clone');
  const reason = new Error('shutdown');
  left.leave.abort(reason);
  await settle();
  expect(left.error).toBe(reason);
  await expect(env.permits.reserve('clone', AbortSignal.abort(reason))).rejects.toBe(reason);
  expect(jest.getTimerCount()).toBe(0);
});

type Step =
  'reserve' | 'abort' | 'give back' | 'begin' | 'take' | 'refuse' | 'fail' | 'watch' | 'end' | 'pass';
const STEPS: readonly Step[] = [
  'reserve',
  'abort',
  'give back',
  'begin',
  'take',
  'refuse',
  'fail',
  'watch',
  'end',
  'pass',
];

test('whatever happens in whatever order, the limit holds, every permit comes back and nothing stands idle for ever', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 6 }),
      fc.array(fc.tuple(fc.constantFrom(...STEPS), fc.constantFrom(...EVERY_OPERATION), fc.nat(20)), {
        maxLength: 80,
      }),
      (most, steps) => walk(most, steps),
    ),
    { numRuns: 300 },
  );
});

async function walk(most: number, steps: readonly (readonly [Step, Operation, number])[]): Promise<void> {
  const env = permitsOf(most);
  const { permits } = env;
  let reserved: ReturnType<typeof env.reserve>[] = [];
  const underWay: Operation[] = [];
  let unwatched: string[] = [];
  const watched: ((hasEnded: boolean) => void)[] = [];
  let tasks = 0;
  const openAtMost = () => expect(watched.length + underWay.length).toBeLessThanOrEqual(most);
  const finish = (kind: Operation) => {
    underWay.splice(underWay.indexOf(kind), 1);
    permits.end(kind);
    permits.release(kind);
  };
  const held = (kind: Operation) => reserved.find((each) => each.kind === kind && each.isHeld);
  for (const [step, kind, n] of steps) {
    await settle();
    if (step === 'reserve') reserved.push(env.reserve(kind));
    if (step === 'abort') reserved.find(({ isHeld }) => !isHeld)?.leave.abort(new Error('left'));
    reserved = reserved.filter(({ leave, isHeld }) => isHeld || !leave.signal.aborted);
    const permit = held(kind);
    if ((step === 'give back' || step === 'begin') && permit !== undefined) {
      reserved = reserved.filter((each) => each !== permit);
      if (step === 'begin' && permits.begin(kind) === undefined) {
        underWay.push(kind);
        openAtMost();
      } else permits.release(kind);
    }
    if (underWay.includes(kind)) {
      if (step === 'take') {
        const taskId = `t-${(tasks += 1)}`;
        permits.onAccepted(kind, taskId);
        unwatched.push(taskId);
        finish(kind);
      }
      if (step === 'refuse') {
        permits.onRefused(kind);
        finish(kind);
        if (held(kind) === undefined) expect(permits.free(kind)).toBe(0);
      }
      if (step === 'fail') finish(kind);
    }
    if (step === 'watch') {
      const taskId = unwatched.pop();
      if (taskId !== undefined) watched.push(permits.watch(taskId));
    }
    if (step === 'end') watched.splice(n % Math.max(1, watched.length), 1).forEach((ended) => ended(true));
    if (step === 'pass') {
      env.pass(n * 1_000);
      if (n * 1_000 >= 5_000) unwatched = [];
    }
  }
  // Everything comes to its end: then a start of each kind goes within the longest pause.
  while (underWay[0] !== undefined) finish(underWay[0]);
  for (const ended of watched.splice(0)) ended(true);
  await settle();
  for (let round = 0; round < reserved.length + 5; round += 1) {
    for (const each of reserved.filter(({ isHeld }) => isHeld)) permits.release(each.kind);
    reserved = reserved.filter(({ isHeld }) => !isHeld);
    env.pass(60_000);
    await settle();
  }
  expect(reserved).toEqual([]);
  for (const kind of EVERY_OPERATION) {
    const last = env.reserve(kind);
    await settle();
    expect(last.isHeld).toBe(true);
  }
}
