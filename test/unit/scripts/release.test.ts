import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeScratchFolders, scratchFolder } from '../../engine-fakes/scratch-folder';
import { expectSentence } from '../../workflow/expect-sentence';

jest.setTimeout(60_000);
afterEach(removeScratchFolders);

const ROOT = join(__dirname, '../../..');
const SCRIPTS = ['release', 'cut-release', 'build-stamp', 'run-program'].map((name) => `scripts/${name}.mjs`);
const COPIED = [...SCRIPTS, 'package-lock.json', '.env'];
const CHANGELOG = '# Changelog\n\n## [Unreleased]\n\n### Added\n\n- All of it.\n';
const OURS = 'node_modules/snapflow-part';

interface Manifest {
  version: string;
  dependencies?: Record<string, string>;
}
interface Lock extends Manifest {
  packages: Record<string, Partial<Manifest>>;
}

const AUTHOR = ['-c', 'user.name=A', '-c', 'user.email=a@example.org'];

/** A repository with this clone's own manifests at 0.1.0, a part in `packages`, and a record that says what it was asked. */
function repository() {
  const root = scratchFolder();
  const path = (name: string) => join(root, name);
  const read = (name: string) => readFileSync(path(name), 'utf8');
  const parse = (name: string) => JSON.parse(read(name)) as Lock;
  const write = (name: string, content: unknown) => {
    mkdirSync(join(path(name), '..'), { recursive: true });
    writeFileSync(
      path(name),
      typeof content === 'string' ? content : `${JSON.stringify(content, undefined, 2)}\n`,
    );
  };
  const git = (...args: string[]) =>
    execFileSync('git', [...AUTHOR, ...args], { cwd: root, encoding: 'utf8' }).trim();
  const commit = () => git('add', '--all') + git('commit', '--quiet', '-m', 'all');
  for (const name of COPIED) cpSync(join(ROOT, name), path(name));
  write('.gitignore', 'node_modules\n');
  write('package.json', { name: 'snapflow', version: '0.1.0', dependencies: { 'snapflow-part': '0.1.0' } });
  write('packages/part/package.json', { name: 'snapflow-part', version: '0.1.0' });
  const lock = parse('package-lock.json');
  lock.version = '0.1.0';
  lock.packages[''] = { version: '0.1.0', dependencies: { 'snapflow-part': '0.1.0' } };
  lock.packages['packages/part'] = { version: '0.1.0' };
  lock.packages[OURS] = {};
  write('package-lock.json', lock);
  write('CHANGELOG.md', CHANGELOG);
  write('test/histories/unreleased/a.json', '{}');
  // Poses as the recorder.
  write(
    'scripts/run-tool.mjs',
    `import { mkdirSync, writeFileSync } from 'node:fs';
    const [tool, release] = process.argv.slice(2);
    mkdirSync('test/histories/' + release);
    writeFileSync('test/histories/' + release + '/a.json', tool);`,
  );
  mkdirSync(path('node_modules'));
  git('init', '--quiet', '--initial-branch', 'main');
  git('config', 'user.name', 'A');
  git('config', 'user.email', 'a@example.org');
  commit();
  const release = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/release.mjs', ...args], {
      cwd: root,
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  };
  /** Refused with this sentence, and nothing has changed. */
  const expectRefused = (args: readonly string[], ...parts: readonly string[]) => {
    const before = git('rev-parse', 'HEAD') + git('status', '--porcelain');
    const { status, stdout, stderr } = release(...args);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expectSentence(stderr.trim(), ...parts);
    expect(git('rev-parse', 'HEAD') + git('status', '--porcelain')).toBe(before);
  };
  return { path, read, parse, write, git, commit, release, expectRefused };
}

test('a release: one commit with every version, the cut changelog and the histories under its number', () => {
  const { path, read, parse, git, release } = repository();
  expect(release('minor')).toMatchObject({ status: 0, stderr: '' });
  expect(git('log', '--format=%s')).toBe('release: 0.2.0\nall');
  expect(git('status', '--porcelain')).toBe('');
  expect(git('tag')).toBe('');
  expect(parse('package.json')).toMatchObject({
    version: '0.2.0',
    dependencies: { 'snapflow-part': '0.2.0' },
  });
  expect(parse('packages/part/package.json')).toMatchObject({ version: '0.2.0' });
  const lock = parse('package-lock.json');
  expect(lock.version).toBe('0.2.0');
  expect(lock.packages['']).toEqual({ version: '0.2.0', dependencies: { 'snapflow-part': '0.2.0' } });
  expect(lock.packages['packages/part']).toEqual({ version: '0.2.0' });
  expect(read('.env')).toContain('\nSNAPFLOW_VERSION=0.2.0\n');
  expect(read('CHANGELOG.md').replace(/\d{4}-\d\d-\d\d/, '<date>')).toBe(
    '# Changelog\n\n## [Unreleased]\n\n## [0.2.0] - <date>\n\n### Added\n\n- All of it.\n',
  );
  expect(read('test/histories/0.2.0/a.json')).toBe('test/record');
  expect(existsSync(path('test/histories/unreleased'))).toBe(false);
  expect(git('worktree', 'list').split('\n')).toHaveLength(1);
});

test('a package that was never released: takes the number that it has, once', () => {
  const { write, commit, read, release, expectRefused } = repository();
  expect(release('0.1.0').status).toBe(0);
  write('CHANGELOG.md', read('CHANGELOG.md').replace('[Unreleased]\n', '[Unreleased]\n\n- More.\n'));
  commit();
  expectRefused(['0.1.0'], 'version 0.1.0', 'not greater than 0.1.0', 'give a greater one');
  expect(release('patch').status).toBe(0);
  expect(read('CHANGELOG.md')).toMatch(/\n## \[0\.1\.1\] - .*\n\n- More\.\n\n## \[0\.1\.0\] - /);
});

test('a dry run: shows the commit and the next commands, and changes nothing', () => {
  const { git, release } = repository();
  const before = git('rev-parse', 'HEAD');
  const { status, stdout } = release('1.0.0', '--dry-run', '--skip-histories');
  expect(status).toBe(0);
  expect(stdout).toMatch(/^release: 1\.0\.0\n/);
  for (const file of ['CHANGELOG.md', 'package.json', 'package-lock.json', '.env'])
    expect(stdout).toMatch(new RegExp(String.raw`^ ${file.replace('.', String.raw`\.`)} +\|`, 'm'));
  expect(stdout).toContain('Skipped: the histories of 1.0.0');
  expect(stdout).toContain('Nothing was changed. Next:\n  npm run release -- 1.0.0\n  npm test\n');
  expect(stdout).toContain("git tag -a v1.0.0 -m 'Snapflow 1.0.0'");
  expect(git('rev-parse', 'HEAD') + git('status', '--porcelain')).toBe(before);
  expect(git('worktree', 'list').split('\n')).toHaveLength(1);
});

test('a recorder that fails: leaves nothing of the release behind', () => {
  const { write, commit, git, release } = repository();
  write('scripts/run-tool.mjs', 'process.exit(3);');
  commit();
  const { status, stderr } = release('0.2.0');
  expect(status).toBe(1);
  expectSentence(stderr.trim(), 'The histories of 0.2.0 were not recorded (exit code 3)');
  expect(git('log', '--format=%s')).toBe('all\nall');
  expect(git('status', '--porcelain') + git('worktree', 'list').split('\n').slice(1).join('')).toBe('');
});

test.each([
  ['no version', [], ['The version is missing', 'give one like 1.2.3']],
  ['a version that is none', ['1.x'], ['version "1.x"', 'major, minor or patch']],
  ['two versions', ['0.2.0', '0.3.0'], ['argument "0.3.0"', 'give one version']],
  ['a smaller version', ['0.0.9'], ['version 0.0.9', 'not greater than 0.1.0', 'give a greater one']],
  ['no histories', ['0.2.0', '--skip-histories'], ['--skip-histories', 'leave it out']],
])('%s: is refused', (_title, args, parts) => {
  repository().expectRefused(args, ...parts);
});

test('a dirty tree, another branch, a tag that is there, an empty section, packages that differ: are refused', () => {
  const { write, git, commit, expectRefused } = repository();
  const args = ['0.2.0', '--dry-run', '--skip-histories'];
  write('note.txt', 'x');
  expectRefused(args, 'working tree has changes', 'note.txt', 'commit or stash');
  commit();
  git('switch', '--quiet', '--create', 'other');
  expectRefused(args, 'branch is "other"', 'switch to main');
  git('switch', '--quiet', 'main');
  git('tag', 'v0.2.0');
  expectRefused(args, 'tag v0.2.0', 'give another version');
  git('tag', '--delete', 'v0.2.0');
  write('CHANGELOG.md', CHANGELOG.replace('- All of it.\n', ''));
  commit();
  expectRefused(args, '"## [Unreleased]" of CHANGELOG.md is empty', 'write what 0.2.0 brings');
  write('CHANGELOG.md', '# Changelog\n');
  commit();
  expectRefused(args, 'CHANGELOG.md has no section "## [Unreleased]"', 'add one');
  write('CHANGELOG.md', CHANGELOG);
  write('packages/part/package.json', { name: 'snapflow-part', version: '0.0.9' });
  commit();
  expectRefused(args, 'packages/part/package.json is 0.0.9', 'package.json 0.1.0', 'make them the same');
});
