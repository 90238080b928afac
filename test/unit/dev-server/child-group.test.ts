import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { startChildGroup, runToEnd } from '../../../packages/dev-server/src/child-group';
import { until } from '../../engine-fakes/until';

jest.setTimeout(30_000);

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Runs `program` in a node process of its own, where `startChildGroup` is loaded, and returns the pid that it prints. */
async function pidPrintedBy(program: string): Promise<number> {
  const hook = join(__dirname, '../../engine-fakes/load-typescript.js');
  const source = join(__dirname, '../../../packages/dev-server/src/child-group.ts');
  const child = spawn(
    process.execPath,
    ['-r', hook, '-e', `const { startChildGroup } = require('${source}'); ${program}`],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  let stdout = '';
  child.stdout.on('data', (chunk) => (stdout += String(chunk)));
  await new Promise((resolve) => child.once('close', resolve));
  return Number(stdout);
}

const START = "startChildGroup('sleep', ['60']).then((child) => { console.log(child.pid);";

test.each([
  ['exits', `${START} process.exit(0); });`],
  ['throws', `${START} setImmediate(() => { throw new Error('x'); }); });`],
  ['is terminated', `${START} process.kill(process.pid, 'SIGTERM'); });`],
  [
    'is terminated and stops in an orderly way',
    `process.on('SIGTERM', () => process.exit(0)); ${START} process.kill(process.pid, 'SIGTERM'); });`,
  ],
])('a child ends when its parent %s', async (_, program) => {
  const pid = await pidPrintedBy(program);
  expect(pid).toBeGreaterThan(0);
  await until('the child has ended', () => !alive(pid));
});

test('a child that ignores SIGTERM is killed after the grace time, with its own children', async () => {
  const child = await startChildGroup('sh', ['-c', "trap '' TERM; sleep 60 & echo $!; wait; sleep 60"]);
  await until('the grandchild runs', () => Number(child.output()) > 0);
  await child.stop(100);
  expect(await child.ended).toEqual({ code: null, signal: 'SIGKILL' });
  await until('the grandchild has ended', () => !alive(Number(child.output())));
});

test('a program that does not exist is refused with the reason', async () => {
  await expect(startChildGroup('/does/not/exist', [])).rejects.toThrow('ENOENT');
});

test('a program that takes too long is ended and refused with the limit', async () => {
  await expect(runToEnd('sleep', ['60'], 1_000)).rejects.toThrow('took longer than 1 s');
});

test('a child that redirected its stdout is stopped like any other', async () => {
  const child = await startChildGroup('sh', ['-c', 'exec > /dev/null; echo redirected >&2; exec sleep 60']);
  await until('it is redirected', () => child.output().includes('redirected'));
  await child.stop(10_000);
  expect(await child.ended).toEqual({ code: null, signal: 'SIGTERM' });
});
