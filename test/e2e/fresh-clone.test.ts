import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CLEAN_ENV } from '../environment/program';

/** An installation from npm's cache, and a build. */
jest.setTimeout(300_000);

const ROOT = join(__dirname, '../..');
const run = promisify(execFile);

let clone: string;
beforeAll(async () => {
  clone = await mkdtemp(join(tmpdir(), 'snapflow-clone-'));
});
afterAll(() => rm(clone, { recursive: true, force: true }));

test('in a clone with nothing but its sources, npm run demo installs, builds and runs', async () => {
  // What git would clone, with what is not committed yet.
  const { stdout } = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    maxBuffer: 16 * 1024 * 1024,
  });
  for (const file of stdout.split('\0').filter((name) => /^(?!test\/|docs\/pictures\/)./.test(name)))
    await cp(join(ROOT, file), join(clone, file)).catch((error: NodeJS.ErrnoException) => {
      // Deleted, and not committed yet.
      if (error.code !== 'ENOENT') throw error;
    });
  const env = { ...CLEAN_ENV, npm_config_prefer_offline: 'true' };
  const demo = () => run('npm', ['run', '--silent', 'demo', '--', '--help'], { cwd: clone, env });
  const first = await demo();
  expect(first.stdout).toMatch(/^npm run demo/);
  expect(first.stderr).toContain('Building');
  for (const built of [
    'dist/workflow-bundle.js',
    'packages/simulator/dist/main.js',
    'packages/dev-server/dist/index.js',
  ])
    expect((await stat(join(clone, built))).isFile()).toBe(true);
  // Nothing is stale after it.
  expect((await demo()).stderr).toBe('');
});
