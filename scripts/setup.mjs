// Set-up of a clone: dependencies and build, each only when it is missing or stale. Plain node: it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hashOf, isBuilt, ROOT } from './build-stamp.mjs';

const LOCK = join(ROOT, 'package-lock.json');
const MODULES = join(ROOT, 'node_modules');
const LOCK_STAMP = join(MODULES, '.snapflow-lock-hash');

const say = (text) => process.stderr.write(`${text}\n`);
const readIfThere = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined);

function fail(text) {
  throw new Error(text);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    fail(`Node ${process.versions.node} is too old for Snapflow: install Node 20.19 or newer.`);
  }
}

/** npm by the path that npm itself hands down, else by PATH. */
function npm(...args) {
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
}

/** Whether npm itself noted exactly this lock file's versions: dependencies that somebody installed by hand. */
function installedByHand() {
  const noted = readIfThere(join(MODULES, '.package-lock.json'));
  if (noted === undefined) return false;
  const installed = JSON.parse(noted).packages;
  const wanted = Object.entries(JSON.parse(readFileSync(LOCK, 'utf8')).packages);
  return wanted.every(([path, entry]) => {
    if (path === '' || (entry.optional && !installed[path])) return true;
    return installed[path]?.version === entry.version;
  });
}

function installDependencies() {
  const hash = hashOf([LOCK]);
  if (readIfThere(LOCK_STAMP) === hash) return;
  if (!installedByHand()) {
    say('Installing the dependencies (npm ci)');
    npm('ci', '--no-audit', '--no-fund', '--loglevel=error');
  }
  writeFileSync(LOCK_STAMP, hash);
}

/** Builds what is missing or stale; throws with one message when that fails. */
export function buildIfStale() {
  if (isBuilt()) return;
  say('Building');
  npm('run', '--silent', 'build');
}

function orEnd(step) {
  try {
    step();
  } catch (error) {
    say(error.message);
    process.exit(1);
  }
}

/** Leaves a clone with its dependencies; ends this process with one message when that is impossible. */
export const setUpDependencies = () =>
  orEnd(() => {
    checkNode();
    installDependencies();
  });

/** Leaves a clone ready to run; ends this process with one message when that is impossible. */
export function setUp() {
  setUpDependencies();
  orEnd(buildIfStale);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) setUp();
