import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporalCacheFolder } from '../../../packages/dev-server/src/temporal-cache';
import { runFindBinary } from '../../engine-fakes/run-find-binary';
import { removeScratchFolders, scratchFolder } from '../../engine-fakes/scratch-folder';
import { until } from '../../engine-fakes/until';
import { SAYS_ITS_VERSION, writeProgram } from '../../engine-fakes/write-program';

jest.setTimeout(30_000);
afterEach(removeScratchFolders);

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Poses as the Go toolchain: notes its pid, waits for `release`, then writes a binary into GOBIN. */
function fakeGo() {
  const bin = scratchFolder();
  const log = join(bin, 'runs');
  const gate = join(bin, 'gate');
  writeProgram(
    join(bin, 'go'),
    `echo $$ >>'${log}'`,
    `while [ ! -e '${gate}' ]; do sleep 0.05; done`,
    `printf '#!/bin/sh\\n%s\\n' '${SAYS_ITS_VERSION}' >"$GOBIN/temporal"`,
    'chmod +x "$GOBIN/temporal"',
  );
  const pids = () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').map(Number) : []);
  return { path: `${bin}:/usr/bin:/bin`, pids, release: () => writeFileSync(gate, '') };
}

async function firstPid(go: ReturnType<typeof fakeGo>): Promise<number> {
  await until('go runs', () => go.pids().length === 1);
  return go.pids()[0] ?? 0;
}

test('two processes that both need a binary build it once and both get it', async () => {
  const go = fakeGo();
  const cache = scratchFolder();
  const runs = [runFindBinary(go.path, cache), runFindBinary(go.path, cache)];
  await until('one of them says that it waits', () =>
    runs.some((run) => run.stderr().includes('Waiting for another')),
  );
  go.release();
  const ends = await Promise.all(runs.map((run) => run.done));
  expect(ends.map((end) => end.code)).toEqual([0, 0]);
  const sources = ends.map((end) => (JSON.parse(end.stdout) as { source: string }).source);
  expect(sources.toSorted()).toEqual(['build', 'cache']);
  expect(go.pids()).toHaveLength(1);
  expect(readdirSync(temporalCacheFolder({ XDG_CACHE_HOME: cache }))).toEqual(['temporal']);
});

test.each(['SIGINT', 'SIGTERM'] as const)(
  'a build interrupted by %s ends its children and leaves no binary',
  async (signal) => {
    const go = fakeGo();
    const cache = scratchFolder();
    const run = runFindBinary(go.path, cache);
    const pid = await firstPid(go);
    run.child.kill(signal);
    await run.done;
    expect(run.child.signalCode).toBe(signal);
    await until('go has ended', () => !alive(pid));
    expect(readdirSync(temporalCacheFolder({ XDG_CACHE_HOME: cache }))).toEqual(['install.lock']);
  },
);

test('after a build killed with SIGKILL the next process takes the lock over and builds anew', async () => {
  const cache = scratchFolder();
  const first = fakeGo();
  const killed = runFindBinary(first.path, cache);
  const pid = await firstPid(first);
  killed.child.kill('SIGKILL');
  process.kill(-pid, 'SIGKILL');
  await killed.done;
  const second = fakeGo();
  second.release();
  const next = await runFindBinary(second.path, cache).done;
  expect(JSON.parse(next.stdout)).toMatchObject({ source: 'build' });
  expect(readdirSync(temporalCacheFolder({ XDG_CACHE_HOME: cache }))).toEqual(['temporal']);
});
