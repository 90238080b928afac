import { isAlive } from '../../../../../packages/dev-server/src/child-group';
import {
  readableLine,
  startChildProgram,
  type ProgramOptions,
} from '../../../../../src/cli/commands/dev/child-program';

const script = (code: string, said: string[] = []): ProgramOptions => ({
  name: 'worker',
  args: ['-e', code],
  env: process.env,
  isReady: (line) => line === 'ready',
  print: (line) => void said.push(line),
  signal: new AbortController().signal,
});

test('a program is started when it says so, tells what it says, and is gone when it is stopped', async () => {
  const said: string[] = [];
  const program = await startChildProgram(
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
  await expect(startChildProgram(script(`console.error('no configuration')`, said))).rejects.toThrow(
    'The worker ended before it was ready.',
  );
  expect(said).toEqual(['worker: no configuration']);
});

test('a start that is given up stops the program', async () => {
  const leave = new AbortController();
  const started = startChildProgram({
    ...script(`console.log('up'); setInterval(() => {}, 1000)`),
    signal: leave.signal,
    print: () => leave.abort(new Error('given up')),
  });
  await expect(started).rejects.toThrow('given up');
});

test('a warning of a JSON log becomes one readable line, information is dropped', () => {
  const line = (level: string) =>
    JSON.stringify({ level, message: 'Activity failed', workflowId: 'snapflow:a:b' });
  expect(readableLine('worker', line('WARN'))).toBe('worker: WARN Activity failed (snapflow:a:b)');
  expect(readableLine('worker', line('INFO'))).toBeUndefined();
});

test.each(['plain words', '{broken', '{"other":1}'])('the line %s is told as it is', (line) => {
  expect(readableLine('worker', line)).toBe(`worker: ${line}`);
});
