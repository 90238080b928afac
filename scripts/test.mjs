// npm test: the checks, then every test, against one Temporal server that this script finds and starts.
// npm test -- JEST ARGUMENTS: these tests alone, without the checks: somebody looks at one thing.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import { join } from 'node:path';
import { runProgram } from './run-program.mjs';
import { ROOT } from './build-stamp.mjs';
import { runChecks } from './checks.mjs';
import { setUp } from './setup.mjs';

const say = (text) => process.stderr.write(`${text}\n`);
const load = createRequire(import.meta.url);

const NO_RESULTS = { passed: 0, failed: 1, skipped: 0 };

/** Arguments that the caller did not give himself. */
function jestArguments(given, report) {
  const has = (...names) =>
    given.some((argument) => names.some((name) => argument === name || argument.startsWith(`${name}=`)));
  // Most suites wait more than they compute: five at once even on two cores, half the cores on larger machines.
  const workers = Math.max(5, Math.floor(os.availableParallelism() / 2));
  return [
    '--json',
    `--outputFile=${report}`,
    `--testSequencer=${join(ROOT, 'scripts/longest-first.js')}`,
    ...(has('--maxWorkers', '-w', '--runInBand', '-i') ? [] : [`--maxWorkers=${workers}`]),
    ...given,
    ...(has('--selectProjects')
      ? []
      : ['--selectProjects', 'unit', 'conformance', 'proof', 'workflow', 'e2e', 'ui', 'hostile', 'vmware']),
  ];
}

/** `skip` where there is no browser: those tests then count as skipped in the summary. Run alone they fail instead. */
function uiTests() {
  const { findChromium, NO_CHROMIUM } = load('./find-chromium.js');
  if (findChromium() !== undefined) return {};
  say(`The tests of the Temporal UI are skipped. ${NO_CHROMIUM}`);
  return { SNAPFLOW_UI_TESTS: 'skip' };
}

async function startTemporal() {
  const { findTemporal, startDevServer } = load('snapflow-dev-server');
  const found = await findTemporal();
  if (found.kind === 'address') {
    say(`Temporal server: ${found.address} (TEMPORAL_ADDRESS)`);
    return { address: found.address, stop: async () => {} };
  }
  const { SEARCH_ATTRIBUTES } = load(join(ROOT, 'dist/contract/operations.js'));
  const server = await startDevServer({
    binary: found.path,
    searchAttributes: Object.values(SEARCH_ATTRIBUTES),
  });
  say(`Temporal server: ${server.address}, started for these tests`);
  return server;
}

/** A suite that could not even be loaded counts as one failure, and so does a jest that did not finish. */
function countsIn(report) {
  let result;
  try {
    result = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    say('No test results: jest did not finish.');
    return NO_RESULTS;
  }
  return {
    passed: result.numPassedTests,
    failed: result.numFailedTests + result.numRuntimeErrorTestSuites,
    skipped: result.numPendingTests + result.numTodoTests,
  };
}

async function runTests() {
  const temporal = await startTemporal();
  const folder = mkdtempSync(join(os.tmpdir(), 'snapflow-jest-'));
  try {
    const report = join(folder, 'report.json');
    const jest = load.resolve('jest/bin/jest');
    const env = { ...process.env, ...uiTests(), SNAPFLOW_TEST_TEMPORAL_ADDRESS: temporal.address };
    const code = await runProgram([jest, ...jestArguments(process.argv.slice(2), report)], {
      cwd: ROOT,
      env,
    });
    return { code, ...countsIn(report) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await temporal.stop();
  }
}

async function runTestsIfPossible() {
  try {
    return await runTests();
  } catch (error) {
    say(error.message);
    return { code: 1, ...NO_RESULTS };
  }
}

function noChecks() {
  setUp();
  return { passed: 0, failed: [] };
}

const checks = process.argv.length > 2 ? noChecks() : await runChecks();
const canRun = !checks.failed.includes('build');
const tests = canRun ? await runTestsIfPossible() : { code: 1, passed: 0, failed: 0, skipped: 0 };
if (checks.failed.length > 0) say(`Failed checks: ${checks.failed.join(', ')}; their output stands above.`);
if (!canRun) say('Without a build no test was run.');
// The one line for a reader in a hurry.
const passed = tests.passed + checks.passed;
const failed = tests.failed + checks.failed.length;
process.stdout.write(
  `${passed} passed, ${failed} failed${tests.skipped > 0 ? `, ${tests.skipped} skipped` : ''}\n`,
);
process.exitCode = tests.code || (checks.failed.length > 0 ? 1 : 0);
