import { HeartbeatPace } from '../../../src/activities/heartbeat-pace';

beforeEach(() => jest.useFakeTimers({ advanceTimers: false }));
afterEach(() => jest.useRealTimers());

const paced = (heartbeatTimeoutMs: number) => {
  const beats: number[] = [];
  const pace = new HeartbeatPace<number>((details) => beats.push(details), heartbeatTimeoutMs, 0);
  return { beats, pace };
};

test('the first beat is at once, changes follow every 5 s in the first minute', () => {
  const { beats, pace } = paced(30_000);
  for (let second = 1; second <= 59; second++) {
    jest.advanceTimersByTime(1_000);
    pace.show(second);
  }
  pace.stop();
  expect(beats[0]).toBe(0);
  expect(beats.length).toBeGreaterThanOrEqual(10);
  expect(beats.length).toBeLessThanOrEqual(13);
});

test('after the first minute only crash detection costs a beat, always well before its time-out', () => {
  const { beats, pace } = paced(30_000);
  jest.advanceTimersByTime(60_000);
  const early = beats.length;
  for (let second = 60; second < 960; second++) {
    jest.advanceTimersByTime(1_000);
    pace.show(second);
  }
  pace.stop();
  expect(beats.length - early).toBeLessThanOrEqual(900 / 21 + 1);
  expect(beats.length - early).toBeGreaterThanOrEqual(900 / 30);
});

test('a stopped pace beats no more', () => {
  const { beats, pace } = paced(2_000);
  pace.stop();
  jest.advanceTimersByTime(60_000);
  expect(beats).toEqual([0]);
});
