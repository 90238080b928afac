import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { removeScratchFolders, scratchFolder } from '../../engine-fakes/scratch-folder';
import { until } from '../../engine-fakes/until';

jest.setTimeout(30_000);
afterEach(removeScratchFolders);

const RUN_PROGRAM = pathToFileURL(join(__dirname, '../../../scripts/run-program.mjs')).href;

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A process that hands a program to `runProgram` and exits with what that returns. */
function start(program: string) {
  const path = join(scratchFolder(), 'program.js');
  writeFileSync(path, program);
  const parent = `import { runProgram } from '${RUN_PROGRAM}'; process.exit(await runProgram([${JSON.stringify(path)}]));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', parent], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let stdout = '';
  child.stdout.on('data', (chunk) => (stdout += String(chunk)));
  const code = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, code, stdout: () => stdout };
}

test("the program's exit code is passed on", async () => {
  expect(await start('process.exitCode = 7').code).toBe(7);
});

test('a program that was killed by a signal ends as 128 plus its number', async () => {
  expect(await start("process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000)").code).toBe(143);
});

test('a signal reaches the program once, even when terminal and npm both send it', async () => {
  const run = start(`
    let count = 0;
    process.on('SIGINT', () => {
      count++;
      setTimeout(() => process.exit(10 + count), 300);
    });
    console.log('ready');
    setInterval(() => {}, 1000);`);
  await until('the program is ready', () => run.stdout().includes('ready'));
  run.child.kill('SIGINT');
  run.child.kill('SIGINT');
  expect(await run.code).toBe(11);
});

test('a child that the program leaves behind is ended with it', async () => {
  const run = start("console.log(require('node:child_process').spawn('sleep', ['60']).pid); process.exit(0)");
  expect(await run.code).toBe(0);
  const pid = Number(run.stdout());
  expect(pid).toBeGreaterThan(0);
  await until('the child has ended', () => !alive(pid));
});
