import { Places } from '../../../src/activities/connection';

const never = () => new AbortController().signal;

/** Which of these were resolved by now. */
async function taken(all: readonly Promise<void>[]): Promise<readonly boolean[]> {
  const done = all.map(() => false);
  all.forEach((each, index) => void each.then(() => (done[index] = true)).catch(() => undefined));
  await new Promise(setImmediate);
  return done;
}

test('places are taken in the order in which they were asked for', async () => {
  const places = new Places(2);
  const all = Array.from({ length: 4 }, () => places.take(never()));
  expect(await taken(all)).toEqual([true, true, false, false]);
  places.giveBack();
  expect(await taken(all)).toEqual([true, true, true, false]);
  places.giveBack();
  expect(await taken(all)).toEqual([true, true, true, true]);
});

test('without waiting a place is taken only if one is free', () => {
  const places = new Places(1);
  expect([places.tryTake(), places.tryTake()]).toEqual([true, false]);
  places.giveBack();
  expect(places.tryTake()).toBe(true);
});

test('a place that is given back while another waits is not free', async () => {
  const places = new Places(1);
  places.tryTake();
  const waiting = places.take(never());
  places.giveBack();
  await waiting;
  expect(places.tryTake()).toBe(false);
});

test('one that gives up while it waits leaves the queue with the reason of its signal', async () => {
  const places = new Places(1);
  places.tryTake();
  const leave = new AbortController();
  const left = places.take(leave.signal);
  const reason = new Error('shutdown');
  leave.abort(reason);
  await expect(left).rejects.toBe(reason);
  await expect(places.take(AbortSignal.abort(reason))).rejects.toBe(reason);
  places.giveBack();
  expect(places.tryTake()).toBe(true);
});
