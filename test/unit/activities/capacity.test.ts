import { Capacity } from '../../../src/activities/connection';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const WORDS = 'eight clones are running';

function full(open = { tasks: 8 }) {
  const capacity = new Capacity(100, () => open.tasks);
  capacity.onRefused('clone', WORDS);
  return { capacity, open };
}

test('after a refusal nobody else asks, and each is told what the service said', () => {
  const { capacity } = full();
  expect([1, 2, 3].map(() => capacity.refusal('clone'))).toEqual([WORDS, WORDS, WORDS]);
});

test('one start asks every five seconds, for all', () => {
  const { capacity } = full();
  jest.advanceTimersByTime(5_000);
  expect(capacity.refusal('clone')).toBeUndefined();
  expect(capacity.refusal('clone')).toBe(WORDS);
});

test('the end of a task of ours lets one start ask at once', () => {
  const { capacity, open } = full();
  open.tasks = 7;
  expect(capacity.refusal('clone')).toBeUndefined();
  expect(capacity.refusal('clone')).toBe(WORDS);
});

test('a start that is taken opens the gate for all', () => {
  const { capacity } = full();
  capacity.onAccepted('clone');
  expect([1, 2].map(() => capacity.refusal('clone'))).toEqual([undefined, undefined]);
});

test('full of clones says nothing of reverts', () => {
  expect(full().capacity.refusal('revert')).toBeUndefined();
});

test('a worker that waits for as many tasks as it may names the limit', () => {
  const capacity = new Capacity(8, () => 8);
  expect(capacity.refusal('revert')).toMatch(/8 tasks of the connection already.*limits\.tasksInFlight/);
});
