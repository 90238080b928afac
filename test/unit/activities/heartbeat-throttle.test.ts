import { HEARTBEAT_TIMEOUT_MS, type HeartbeatProfile } from '../../../src/contract/operations';
import { HeartbeatThrottle } from '../../../src/activities/await-task';

beforeEach(() => jest.useFakeTimers({ advanceTimers: false }));
afterEach(() => jest.useRealTimers());

function paced(heartbeatTimeoutMs: number, showsChanges = true) {
  const beats: number[] = [];
  const pace = new HeartbeatThrottle<number>(
    (details) => beats.push(details),
    { heartbeatTimeoutMs, showsChanges },
    0,
  );
  return { beats, pace };
}

/** Beats of a wait whose progress changes every second; each is an action. */
function beatsOf(profile: HeartbeatProfile, seconds: number) {
  const { beats, pace } = paced(HEARTBEAT_TIMEOUT_MS[profile], profile === 'responsive');
  for (let second = 1; second <= seconds; second++) {
    jest.advanceTimersByTime(1_000);
    pace.show(second);
  }
  pace.stop();
  return beats.length;
}

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
  expect(beats.length - early).toBeLessThanOrEqual(900 / 22 + 1);
  expect(beats.length - early).toBeGreaterThanOrEqual(900 / 30);
});

test('a stopped pace beats no more', () => {
  const { beats, pace } = paced(2_000);
  pace.stop();
  jest.advanceTimersByTime(60_000);
  expect(beats).toEqual([0]);
});

// The numbers that docs/operations.md publishes.
test.each([
  ['responsive', 10, 3],
  ['responsive', 15 * 60, 48],
  ['economical', 10, 1],
  ['economical', 15 * 60, 11],
] as const)('a %s wait of %d s costs %d beats', (profile, seconds, beats) => {
  expect(beatsOf(profile, seconds)).toBe(beats);
});
