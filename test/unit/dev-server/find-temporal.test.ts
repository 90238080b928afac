import { createServer, type AddressInfo } from 'node:net';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildTemporal, type Source } from '../../../packages/dev-server/src/install-temporal';
import { findTemporal, findTemporalBinary } from '../../../packages/dev-server/src/find-temporal';
import { temporalCacheFolder } from '../../../packages/dev-server/src/temporal-cache';
import { removeScratchFolders, scratchFolder } from '../../engine-fakes/scratch-folder';
import { SAYS_ITS_VERSION, writeProgram } from '../../engine-fakes/write-program';

const quiet = () => ({ end: () => undefined });
const noSources = { sources: [], startProgress: quiet };
const cacheEnv = (PATH = '') => ({ PATH, XDG_CACHE_HOME: scratchFolder() });
const cachedBinary = (env: { XDG_CACHE_HOME: string }): string => join(temporalCacheFolder(env), 'temporal');
const failing = (name: Source['name'], reason: string): Source => ({
  name,
  announcement: name,
  fetch: () => Promise.reject(new Error(reason)),
});
const writing = (name: Source['name'], ...lines: string[]): Source => ({
  name,
  announcement: name,
  fetch: (folder) => Promise.resolve(writeProgram(join(folder, 'fetched'), ...lines)),
});

afterEach(removeScratchFolders);

describe('TEMPORAL_ADDRESS', () => {
  test('a listening address is taken before any binary', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const bin = scratchFolder();
    writeProgram(join(bin, 'temporal'), SAYS_ITS_VERSION);
    try {
      const found = await findTemporal({ ...noSources, env: { TEMPORAL_ADDRESS: address, PATH: bin } });
      expect(found).toEqual({ kind: 'address', address });
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  test('an address where nobody listens is refused with its value and what to do', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    await new Promise((resolve) => server.close(resolve));
    await expect(findTemporal({ ...noSources, env: { TEMPORAL_ADDRESS: address } })).rejects.toThrow(
      `TEMPORAL_ADDRESS is "${address}", where no server answers (ECONNREFUSED): start one there or unset the variable`,
    );
  });

  test('an address without a port is refused with the form that works', async () => {
    await expect(findTemporal({ ...noSources, env: { TEMPORAL_ADDRESS: 'temporal' } })).rejects.toThrow(
      'TEMPORAL_ADDRESS is "temporal": write it as host:port',
    );
  });
});

describe('binaries', () => {
  test('a working temporal on PATH is taken before the cache', async () => {
    const bin = scratchFolder();
    const path = writeProgram(join(bin, 'temporal'), SAYS_ITS_VERSION);
    const env = cacheEnv(`${scratchFolder()}:${bin}`);
    writeProgram(cachedBinary(env), SAYS_ITS_VERSION);
    expect(await findTemporalBinary({ ...noSources, env })).toEqual({ kind: 'binary', path, source: 'path' });
  });

  test('a temporal on PATH that does not run is passed over for the cache', async () => {
    const bin = scratchFolder();
    writeProgram(join(bin, 'temporal'), 'exit 1');
    const env = cacheEnv(bin);
    const path = writeProgram(cachedBinary(env), SAYS_ITS_VERSION);
    expect(await findTemporalBinary({ ...noSources, env })).toEqual({
      kind: 'binary',
      path,
      source: 'cache',
    });
  });

  test('an empty cache is filled by the first source that works', async () => {
    const env = cacheEnv();
    const sources = [failing('download', 'no network'), writing('build', SAYS_ITS_VERSION)];
    const found = await findTemporalBinary({ env, sources, startProgress: quiet });
    expect(found).toEqual({ kind: 'binary', path: cachedBinary(env), source: 'build' });
    expect(readdirSync(temporalCacheFolder(env))).toEqual(['temporal']);
  });

  test('a broken binary in the cache is replaced', async () => {
    const env = cacheEnv();
    writeProgram(cachedBinary(env), 'exit 1');
    const sources = [writing('download', SAYS_ITS_VERSION)];
    const found = await findTemporalBinary({ env, sources, startProgress: quiet });
    expect(found.source).toBe('download');
    expect((await findTemporalBinary({ ...noSources, env })).source).toBe('cache');
  });

  test('a fetched file that does not run never gets the final name', async () => {
    const env = cacheEnv();
    const sources = [writing('download', 'exit 1')];
    await expect(findTemporalBinary({ env, sources, startProgress: quiet })).rejects.toThrow(
      'download: the result does not run on this machine',
    );
    expect(readdirSync(temporalCacheFolder(env))).toEqual([]);
  });

  test('when nothing works one message lists what was tried and the choices', async () => {
    const env = cacheEnv(scratchFolder());
    const sources = [
      failing('download', 'no network'),
      { name: 'build' as const, announcement: 'build', fetch: buildTemporal },
    ];
    await expect(findTemporalBinary({ env, sources, startProgress: quiet })).rejects.toThrow(
      'There is no Temporal server here and none could be installed (no working "temporal" on PATH; ' +
        'download: no network; build: no "go" on PATH): install the temporal command line, ' +
        'set TEMPORAL_ADDRESS to a running server, or install Go and repeat',
    );
  });

  test("a build's last line is the reason when go fails", async () => {
    const bin = scratchFolder();
    writeProgram(join(bin, 'go'), 'echo downloading >&2', 'echo "no such host" >&2', 'exit 1');
    const sources = [{ name: 'build' as const, announcement: 'build', fetch: buildTemporal }];
    await expect(findTemporalBinary({ env: cacheEnv(bin), sources, startProgress: quiet })).rejects.toThrow(
      'build: no such host',
    );
  });

  test('what a dead process left half done is removed, what a living one works on stays', async () => {
    const env = cacheEnv();
    const folder = temporalCacheFolder(env);
    writeProgram(join(folder, 'work-999999999-dead', 'temporal'), SAYS_ITS_VERSION);
    writeProgram(join(folder, `work-${process.ppid}-alive`, 'temporal'), 'exit 1');
    writeFileSync(join(folder, 'install.lock'), '999999999');
    await findTemporalBinary({ env, sources: [writing('build', SAYS_ITS_VERSION)], startProgress: quiet });
    expect(existsSync(join(folder, 'work-999999999-dead'))).toBe(false);
    expect(readdirSync(folder).toSorted()).toEqual(['temporal', `work-${process.ppid}-alive`]);
  });
});

describe('the cache folder', () => {
  test.each([
    ['linux', { XDG_CACHE_HOME: '/x' }, '/x/snapflow/temporal/1.5.1'],
    ['linux', { HOME: '/h' }, '/h/.cache/snapflow/temporal/1.5.1'],
    ['darwin', { HOME: '/h' }, '/h/Library/Caches/snapflow/temporal/1.5.1'],
    ['win32', { LOCALAPPDATA: '/l' }, '/l/snapflow/temporal/1.5.1'],
  ] as const)('on %s with %j is %s', (platform, env, expected) => {
    expect(temporalCacheFolder(env, platform)).toBe(expected);
  });
});
