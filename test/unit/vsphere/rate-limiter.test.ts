import { RateLimiter } from '../../../src/vsphere/wire/limits';

const stopped = { nowMs: () => 0, monotonicMs: () => 0 };

beforeEach(() => jest.useFakeTimers({ doNotFake: ['performance'] }));
afterEach(() => jest.useRealTimers());

/** Which of so many calls asked for at one moment have gone after each advance of the clock. */
async function gone(rate: RateLimiter, calls: number, afterMs: readonly number[]): Promise<number[]> {
  let went = 0;
  for (let call = 0; call < calls; call++) void rate.wait(undefined).then(() => (went += 1));
  const seen: number[] = [];
  for (const ms of afterMs) {
    await jest.advanceTimersByTimeAsync(ms);
    seen.push(went);
  }
  return seen;
}

test('a quarter of a second of calls goes at once, the others at the rate', async () => {
  expect(await gone(new RateLimiter(100, stopped), 60, [0, 100, 100, 200])).toEqual([26, 36, 46, 60]);
});

test('a call that is given up while it waits rejects with the reason, and the others keep their places', async () => {
  const rate = new RateLimiter(4, stopped);
  const leave = new AbortController();
  await rate.wait(undefined);
  await rate.wait(undefined);
  const given = rate.wait(leave.signal);
  leave.abort(new Error('no longer wanted'));
  await expect(given).rejects.toThrow('no longer wanted');
  expect(await gone(rate, 1, [499, 2])).toEqual([0, 1]);
});
