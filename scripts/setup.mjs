// Set-up of a clone: dependencies and build, each only when it is missing or stale. Plain node: it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const LOCK = join(ROOT, 'package-lock.json');
const MODULES = join(ROOT, 'node_modules');
const LOCK_STAMP = join(MODULES, '.snapflow-lock-hash');
const DIST = join(ROOT, 'dist');
const DIST_STAMP = join(DIST, '.snapflow-source-hash');

const say = (text) => process.stderr.write(`${text}\n`);
const readIfThere = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined);

const fail = (text) => {
  say(text);
  process.exit(1);
};

const checkNode = () => {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    fail(`Node ${process.versions.node} is too old for Snapflow: install Node 20.19 or newer.`);
  }
};

/** npm by the path that npm itself hands down, else by PATH. */
const npm = (...args) => {
  const path = process.env.npm_execpath;
  const [file, first] = path?.endsWith('.js') ? [process.execPath, [path]] : ['npm', []];
  const run = spawnSync(file, [...first, ...args], {
    cwd: ROOT,
    // stdout is kept for what the command itself has to say.
    stdio: ['ignore', 2, 2],
    shell: file === 'npm' && process.platform === 'win32',
  });
  if (run.error) fail(`npm could not be started (${run.error.code}): install npm next to Node.`);
  if (run.status !== 0)
    fail(`"npm ${args.join(' ')}" failed with exit code ${run.status}: see its messages above.`);
};

const hashOf = (files) => {
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(`${relative(ROOT, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  return hash.digest('hex');
};

const filesBelow = (folder) =>
  readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(path) : [path];
    })
    .toSorted((a, b) => (a < b ? -1 : 1));

/** Whether npm itself noted exactly this lock file's versions: dependencies that somebody installed by hand. */
const installedByHand = () => {
  const noted = readIfThere(join(MODULES, '.package-lock.json'));
  if (noted === undefined) return false;
  const installed = JSON.parse(noted).packages;
  const wanted = Object.entries(JSON.parse(readFileSync(LOCK, 'utf8')).packages);
  return wanted.every(([path, entry]) => {
    if (path === '' || (entry.optional && !installed[path])) return true;
    return installed[path]?.version === entry.version;
  });
};

const installDependencies = () => {
  const hash = hashOf([LOCK]);
  if (readIfThere(LOCK_STAMP) === hash) return;
  if (!installedByHand()) {
    say('Installing the dependencies (npm ci)');
    npm('ci', '--no-audit', '--no-fund', '--loglevel=error');
  }
  writeFileSync(LOCK_STAMP, hash);
};

const build = () => {
  const inputs = ['package.json', 'package-lock.json', 'tsconfig.json', 'scripts/bundle-workflows.mjs'];
  const hash = hashOf([...inputs.map((name) => join(ROOT, name)), ...filesBelow(join(ROOT, 'src'))]);
  if (readIfThere(DIST_STAMP) === hash) return;
  say('Building');
  // What a deleted source left would still be loaded.
  rmSync(DIST, { recursive: true, force: true });
  npm('run', '--silent', 'build');
  writeFileSync(DIST_STAMP, hash);
};

/** Leaves a clone ready to run; ends this process with one message when that is impossible. */
export const setUp = () => {
  checkNode();
  installDependencies();
  build();
};

if (process.argv[1] === fileURLToPath(import.meta.url)) setUp();
