import { Semaphore } from '../../../src/activities/connection';

/** A piece of work that lasts until it is told to end. */
function work() {
  let end!: () => void;
  const lasting = new Promise<void>((resolve) => (end = resolve));
  return { run: jest.fn(() => lasting), end };
}

test('no more than so many run at once, the others in the order in which they came', async () => {
  const turns = new Semaphore(2);
  const second = work();
  const works = [work(), second, work(), work()];
  const ends = works.map(({ run }) => turns.run(undefined, run));
  await new Promise(setImmediate);
  const running = () => works.map(({ run }) => run.mock.calls.length);
  expect(running()).toEqual([1, 1, 0, 0]);
  second.end();
  await ends[1];
  expect(running()).toEqual([1, 1, 1, 0]);
  works.forEach(({ end }) => end());
  await Promise.all(ends);
  expect(running()).toEqual([1, 1, 1, 1]);
});

test('work that fails gives its place on', async () => {
  const turns = new Semaphore(1);
  await expect(turns.run(undefined, () => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
  await expect(turns.run(undefined, () => Promise.resolve('next'))).resolves.toBe('next');
});

test('whoever gives up while he waits leaves the queue, and nobody waits for him', async () => {
  const turns = new Semaphore(1);
  const first = work();
  const running = turns.run(undefined, first.run);
  const leave = new AbortController();
  const left = turns.run(leave.signal, () => Promise.resolve('never'));
  leave.abort(new Error('cancelled'));
  await expect(left).rejects.toThrow('cancelled');
  first.end();
  await running;
  await expect(turns.run(AbortSignal.abort(), () => Promise.resolve('free'))).resolves.toBe('free');
});
