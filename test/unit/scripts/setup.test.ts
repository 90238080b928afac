import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeScratchFolders, scratchFolder } from '../../engine-fakes/scratch-folder';

jest.setTimeout(30_000);
afterEach(removeScratchFolders);

const SCRIPTS = join(__dirname, '../../../scripts');
const LOCK = { packages: { '': {}, 'node_modules/a': { version: '1.0.0' } } };

/** Poses as npm: notes its arguments, then does what is left of `ci` and `run build` when nothing is downloaded. */
const NPM = `
const fs = require('node:fs');
fs.appendFileSync('npm-calls', process.argv.slice(2, 3) + '\\n');
if (fs.existsSync('npm-fails')) process.exit(1);
if (process.argv[2] === 'ci') fs.mkdirSync('node_modules', { recursive: true });
if (process.argv[2] === 'run') {
  require('node:child_process').execFileSync(process.execPath, ['scripts/build-stamp.mjs', 'clear']);
  for (const folder of ['dist', 'packages/one/dist']) fs.mkdirSync(folder);
  require('node:child_process').execFileSync(process.execPath, ['scripts/build-stamp.mjs', 'write']);
}`;

/** A clone with a package, one source in each, the real set-up scripts and that npm. */
function clone() {
  const root = scratchFolder();
  const path = (name: string) => join(root, name);
  for (const folder of ['scripts', 'src', 'packages/one/src']) mkdirSync(path(folder), { recursive: true });
  for (const name of ['setup.mjs', 'build-stamp.mjs', 'bundle-workflows.mjs', 'copy-client.mjs']) {
    copyFileSync(join(SCRIPTS, name), path(`scripts/${name}`));
  }
  for (const folder of ['', 'packages/one/'])
    for (const name of ['package.json', 'tsconfig.json']) writeFileSync(path(`${folder}${name}`), '{}');
  writeFileSync(path('tsconfig.build.json'), '{}');
  writeFileSync(path('packages/one/src/b.ts'), 'export {};');
  writeFileSync(path('package-lock.json'), JSON.stringify(LOCK));
  writeFileSync(path('src/a.ts'), 'export {};');
  writeFileSync(path('npm.js'), NPM);
  const setUp = () => {
    rmSync(path('npm-calls'), { force: true });
    const { status, stderr } = spawnSync(process.execPath, ['scripts/setup.mjs'], {
      cwd: root,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], npm_execpath: path('npm.js') },
    });
    const calls = existsSync(path('npm-calls'))
      ? readFileSync(path('npm-calls'), 'utf8').trim().split('\n')
      : [];
    return { status, stderr, calls };
  };
  return { path, setUp };
}

test('a fresh clone is installed and built, and the second set-up has nothing to do', () => {
  const { setUp } = clone();
  expect(setUp()).toMatchObject({ status: 0, calls: ['ci', 'run'] });
  expect(setUp()).toMatchObject({ status: 0, calls: [], stderr: '' });
});

test('a changed source is built again without an installation', () => {
  const { path, setUp } = clone();
  setUp();
  writeFileSync(path('src/a.ts'), 'export const a = 1;');
  expect(setUp().calls).toEqual(['run']);
});

test('a changed source of a package is built again, and so is a package whose build is gone', () => {
  const { path, setUp } = clone();
  setUp();
  writeFileSync(path('packages/one/src/b.ts'), 'export const b = 1;');
  expect(setUp().calls).toEqual(['run']);
  rmSync(path('packages/one/dist'), { recursive: true });
  expect(setUp().calls).toEqual(['run']);
  expect(setUp().calls).toEqual([]);
});

test('a deleted source is built again', () => {
  const { path, setUp } = clone();
  setUp();
  rmSync(path('src/a.ts'));
  expect(setUp().calls).toEqual(['run']);
});

test('a changed lock file is installed and built again', () => {
  const { path, setUp } = clone();
  setUp();
  writeFileSync(
    path('package-lock.json'),
    JSON.stringify({ packages: { 'node_modules/a': { version: '2.0.0' } } }),
  );
  expect(setUp().calls).toEqual(['ci', 'run']);
});

test('dependencies that somebody installed by hand from this lock file are taken as they are', () => {
  const { path, setUp } = clone();
  mkdirSync(path('node_modules'));
  writeFileSync(path('node_modules/.package-lock.json'), JSON.stringify(LOCK));
  expect(setUp().calls).toEqual(['run']);
});

test('an installation that fails ends the set-up with one sentence, and the next one tries again', () => {
  const { path, setUp } = clone();
  writeFileSync(path('npm-fails'), '');
  const failed = setUp();
  expect(failed).toMatchObject({ status: 1, calls: ['ci'] });
  expect(failed.stderr).toContain('failed with exit code 1: see its messages above.');
  rmSync(path('npm-fails'));
  expect(setUp()).toMatchObject({ status: 0, calls: ['ci', 'run'] });
});
