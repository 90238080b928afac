// npm run release: makes the one commit of a release, in a worktree of its own: main gets it when it is whole, or nothing.
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ROOT } from './build-stamp.mjs';
import {
  cutChangelog,
  isEmpty,
  manifestsOf,
  partsOf,
  readIn,
  setVersions,
  UNRELEASED,
} from './cut-release.mjs';
import { runProgram } from './run-program.mjs';

const USAGE = `npm run release -- VERSION | major | minor | patch [--dry-run] [--skip-histories]

  Sets the version of every package, cuts the changelog, records the histories of the release and commits all of it.
  --dry-run         does the same, shows it, and leaves main and the working tree as they are
  --skip-histories  records none (they take minutes); only with --dry-run`;

const MAIN = 'main';
const PARTS = ['major', 'minor', 'patch'];
const VERSION = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/;
/** Of Keep a Changelog: a number and a date. */
const RELEASED = /^## \[(\d+\.\d+\.\d+)\]/gm;

const say = (text) => process.stdout.write(`${text}\n`);
function fail(text) {
  throw new Error(text);
}

/** What git prints; throws with what it said when it fails. */
const gitIn =
  (cwd) =>
  (...args) => {
    const { error, status, stdout, stderr } = spawnSync('git', args, { cwd, encoding: 'utf8' });
    if (error) fail(`git could not be started (${error.code}): install git.`);
    if (status !== 0) fail(`"git ${args.join(' ')}" failed: ${stderr.trim() || `exit code ${status}`}`);
    return stdout.trim();
  };

const numbersOf = (version) => version.split('.').map(Number);
function isGreater(version, than) {
  const [one, other] = [numbersOf(version), numbersOf(than)];
  const at = one.findIndex((number, index) => number !== other[index]);
  return at !== -1 && one[at] > other[at];
}
function nextOf(version, part) {
  const at = PARTS.indexOf(part);
  return numbersOf(version)
    .map((number, index) => (index < at ? number : index === at ? number + 1 : 0))
    .join('.');
}

/** A package that was never released may take the number that it has. */
function checkVersion(given, current, changelog) {
  const version = PARTS.includes(given) ? nextOf(current, given) : given;
  if (!VERSION.test(version))
    fail(`The version "${given}" is none: give a greater one like 1.2.3, or major, minor or patch.`);
  const released = [...changelog.matchAll(RELEASED)].map(([, number]) => number);
  if (released.length === 0 && version === current) return version;
  const last = [...released, current].reduce((one, other) => (isGreater(other, one) ? other : one));
  if (!isGreater(version, last))
    fail(`The version ${version} is not greater than ${last}: give a greater one, or major, minor or patch.`);
  return version;
}

/** Every reason to refuse, before anything is made; returns the version to release. */
function check(root, given) {
  const git = gitIn(root);
  const changed = git('status', '--porcelain').split('\n').filter(Boolean);
  if (changed.length > 0)
    fail(`The working tree has changes, "${changed[0].trim()}" among them: commit or stash them.`);
  const branch = git('rev-parse', '--abbrev-ref', 'HEAD');
  if (branch !== MAIN)
    fail(`The branch is "${branch}", and releases are made on ${MAIN}: switch to ${MAIN}.`);
  const { version: current } = JSON.parse(readIn(root, 'package.json'));
  for (const name of manifestsOf(root)) {
    const { version } = JSON.parse(readIn(root, name));
    if (version !== current)
      fail(`The version in ${name} is ${version}, that of package.json ${current}: make them the same.`);
  }
  const changelog = readIn(root, 'CHANGELOG.md');
  const version = checkVersion(given, current, changelog);
  if (git('tag', '--list', `v${version}`) !== '')
    fail(`The tag v${version} is there already: give another version than ${version}.`);
  if (existsSync(join(root, 'test/histories', version)))
    fail(`The folder test/histories/${version} is there already: give another version than ${version}.`);
  if (isEmpty(partsOf(changelog).text))
    fail(`The section "${UNRELEASED}" of CHANGELOG.md is empty: write what ${version} brings.`);
  return { current, version };
}

/** What is installed, link by link: the links to our own packages lead into the worktree. */
function linkInstalled(from, to) {
  mkdirSync(to);
  for (const name of readdirSync(from)) {
    const [source, target] = [join(from, name), join(to, name)];
    if (lstatSync(source).isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else if (name.startsWith('@')) linkInstalled(source, target);
    // The note of what was installed is of each clone.
    else if (name !== '.snapflow-lock-hash') symlinkSync(source, target);
  }
}

/** The release's histories replace those of its unreleased steps. */
async function recordHistories(root, version) {
  linkInstalled(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  const record = [join(root, 'scripts/run-tool.mjs'), 'test/record', version];
  const code = await runProgram(record, { cwd: root });
  if (code !== 0) fail(`The histories of ${version} were not recorded (exit code ${code}): see above.`);
  rmSync(join(root, 'test/histories/unreleased'), { recursive: true, force: true });
}

/** In the worktree; returns the commit. */
async function makeCommit(root, { current, version }, withHistories) {
  setVersions(root, current, version);
  cutChangelog(root, version);
  if (withHistories) await recordHistories(root, version);
  const git = gitIn(root);
  git('add', '--all');
  git('commit', '--quiet', '-m', `release: ${version}`);
  return git('rev-parse', 'HEAD');
}

async function release({ given, isDry, withHistories }) {
  const git = gitIn(ROOT);
  const versions = check(ROOT, given);
  const root = join(mkdtempSync(join(tmpdir(), 'snapflow-release-')), 'tree');
  git('worktree', 'add', '--quiet', '--detach', root, 'HEAD');
  try {
    const commit = await makeCommit(root, versions, withHistories);
    say(git('show', '--stat', '--format=%s', commit));
    if (!isDry) git('merge', '--quiet', '--ff-only', commit);
    sayNext(versions.version, { commit, isDry, withHistories });
  } finally {
    git('worktree', 'remove', '--force', root);
    rmSync(join(root, '..'), { recursive: true, force: true });
  }
}

function sayNext(version, { commit, isDry, withHistories }) {
  if (!withHistories) say(`\nSkipped: the histories of ${version}; a release records them.`);
  const release = isDry ? [`npm run release -- ${version}`] : [];
  const name = isDry ? 'COMMIT' : commit.slice(0, 12);
  say(isDry ? '\nNothing was changed. Next:' : `\n${MAIN} has the release ${version}. Next:`);
  for (const line of [
    ...release,
    'npm test',
    `git push origin ${MAIN}`,
    `git tag -a v${version} -m 'Snapflow ${version}' ${name}   # where it is published, when it is there and green`,
    `git push origin v${version}`,
  ])
    say(`  ${line}`);
}

/** Throws one sentence; undefined where the usage is all there is to say. */
function optionsOf(argv) {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      'dry-run': { type: 'boolean', default: false },
      'skip-histories': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const [given, ...more] = positionals;
  if (given === undefined) fail('The version is missing: give one like 1.2.3, or major, minor or patch.');
  if (more.length > 0) fail(`The argument "${more[0]}" is too many: give one version.`);
  const isDry = values['dry-run'];
  const withHistories = !values['skip-histories'];
  if (!isDry && !withHistories)
    fail('The option --skip-histories is for --dry-run: a release records its histories, so leave it out.');
  return { given, isDry, withHistories };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const options = optionsOf(process.argv.slice(2));
    if (options === undefined) say(USAGE);
    else await release(options);
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
