import { pollUntilEnd } from '../../../bench/peers/poll-loop';

const sessionThatSees = (last: string, ...first: string[]) => ({
  taskStatus: async () => first.shift() ?? last,
});

test('a loop ends with the task that it watches', async () => {
  const from = Date.now();
  const session = sessionThatSees('FAILED', 'RUNNING');
  expect(await pollUntilEnd(session, 't-1', 1)).toBeGreaterThanOrEqual(from);
});

test('a task that never ends is named with its status, and its row does not measure for ever', async () => {
  await expect(pollUntilEnd(sessionThatSees('RUNNING'), 't-1', 1, 20)).rejects.toThrow(
    /^Task t-1 has not ended within 0\.02 s, last seen RUNNING: /,
  );
});
