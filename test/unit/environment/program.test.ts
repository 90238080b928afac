import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { isAlive } from '../../../packages/dev-server/src/child-group';
import { eventually } from '../../environment/eventually';
import { startProgram, untilProgram } from '../../environment/program';

/** Answers a message in capitals; `die` kills it. */
const CAPITALS = `
  process.channel.ref();
  process.on('message', (text) => {
    if (text === 'die') process.kill(process.pid, 'SIGKILL');
    else process.send(text.toUpperCase());
  });`;
const startCapitals = () => startProgram(['-e', CAPITALS], { role: 'shouter' });

test('questions are answered in their order', async () => {
  const program = startCapitals();
  const answers = await Promise.all(['one', 'two', 'three'].map((line) => program.ask(line)));
  await program.stop(1_000);
  expect(answers).toEqual(['ONE', 'TWO', 'THREE']);
  await expect(program.ask('four')).rejects.toThrow('The shouter ended with SIGTERM');
});

test('one that is killed rejects every open question, and can still be stopped', async () => {
  const program = startCapitals();
  const ends = ['first', 'die', 'late', 'later'].map((line) => program.ask(line));
  const unanswered = { reason: { message: expect.stringContaining('SIGKILL') } };
  expect(await Promise.allSettled(ends)).toMatchObject([
    { value: 'FIRST' },
    unanswered,
    unanswered,
    unanswered,
  ]);
  await program.stop(1_000);
  expect(program.end()).toMatchObject({ signal: 'SIGKILL' });
});

test('what a program writes is kept by stream and together, and one that ends instead of being ready says it', async () => {
  const program = startProgram(['-e', "console.log('out'); console.error('err'); process.exitCode = 3"], {
    role: 'talker',
  });
  const ready = untilProgram(program, 'is ready', ({ output }) => output().includes('ready'));
  await expect(ready).rejects.toThrow(/^The talker ended by itself: [^]*err/);
  expect(await program.ended).toEqual({ code: 3, signal: null });
  expect([program.stdout(), program.stderr()]).toEqual(['out\n', 'err\n']);
});

/** Starts a program with a child of its own, prints both pids, and stays. */
const PARENT = `
  const { startProgram } = require(${JSON.stringify(join(__dirname, '../../environment/program.ts'))});
  const CHILD = "const { pid } = require('node:child_process').spawn('sleep', ['600']); console.log(pid); setInterval(() => {}, 1000)";
  const program = startProgram(['-e', CHILD]);
  const told = setInterval(() => {
    if (program.stdout() === '') return;
    clearInterval(told);
    console.log(program.pid + ' ' + program.stdout().trim() + '.');
  }, 20);`;

test('a program and its own children end with the process that started it, also where that is killed', async () => {
  const parent = spawn(process.execPath, ['--import', 'tsx', '-e', PARENT], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  parent.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  const pids = await eventually('both run', () => /^(\d+) (\d+)\.$/m.exec(said)?.slice(1).map(Number));
  expect(pids.map((pid) => isAlive(pid))).toEqual([true, true]);
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  await eventually('both have ended', () => !pids.some((pid) => isAlive(pid)));
});
