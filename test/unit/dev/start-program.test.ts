import { isAlive } from '../../../src/engine/is-alive';
import { startProgram, type ProgramOptions } from '../../../src/dev/start-program';

const script = (code: string, said: string[] = []): ProgramOptions => ({
  name: 'worker',
  args: ['-e', code],
  env: process.env,
  isReady: (line) => line === 'ready',
  say: (line) => void said.push(line),
  signal: new AbortController().signal,
});

test('a program is started when it says so, tells what it says, and is gone when it is stopped', async () => {
  const said: string[] = [];
  const program = await startProgram(
    script(`console.error('warming up'); console.log('ready'); setInterval(() => {}, 1000)`, said),
  );
  expect(program.readyLine).toBe('ready');
  expect(isAlive(program.pid)).toBe(true);
  await program.stop();
  await program.ended;
  expect(isAlive(program.pid)).toBe(false);
  expect(said).toEqual(['worker: warming up']);
});

test('a program that ends before it is ready is an error with its name', async () => {
  const said: string[] = [];
  await expect(startProgram(script(`console.error('no configuration')`, said))).rejects.toThrow(
    'The worker ended before it was ready.',
  );
  expect(said).toEqual(['worker: no configuration']);
});

test('a start that is given up stops the program', async () => {
  const leave = new AbortController();
  const started = startProgram({
    ...script(`console.log('up'); setInterval(() => {}, 1000)`),
    signal: leave.signal,
    say: () => leave.abort(new Error('given up')),
  });
  await expect(started).rejects.toThrow('given up');
});
