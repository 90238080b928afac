import { AnsweringProcess } from '../../../proof/processes/answering-process';

const EVENTS = ['exit', 'SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const hooks = (): readonly number[] => EVENTS.map((event) => process.listenerCount(event));

/** Answers a line in capitals; `die` kills it. */
const CAPITALS = `
  require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
    if (line === 'die') process.kill(process.pid, 'SIGKILL');
    else console.log(line.toUpperCase());
  });`;
const start = (): AnsweringProcess => new AnsweringProcess(['-e', CAPITALS]);

test('questions are answered in their order, also those that are open when it is stopped', async () => {
  const child = start();
  const answers = Promise.all(['one', 'two', 'three'].map((line) => child.ask(line)));
  await child.stop();
  expect(await answers).toEqual(['ONE', 'TWO', 'THREE']);
  await expect(child.ask('four')).rejects.toThrow('has ended');
});

test('one that was stopped leaves no hook on this process', async () => {
  const before = hooks();
  const child = start();
  expect(hooks()).toEqual(before.map((count) => count + 1));
  await child.stop();
  expect(hooks()).toEqual(before);
});

test('one that is killed rejects every open question, leaves no hook, and can still be stopped', async () => {
  const before = hooks();
  const child = start();
  const ends = ['first', 'die', 'late', 'later'].map((line) => child.ask(line));
  const unanswered = { reason: { message: expect.stringContaining('SIGKILL') } };
  expect(await Promise.allSettled(ends)).toMatchObject([
    { value: 'FIRST' },
    unanswered,
    unanswered,
    unanswered,
  ]);
  expect(hooks()).toEqual(before);
  await child.stop();
});
