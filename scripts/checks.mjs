// npm run checks: what needs no test to be seen. Each is a script of package.json, and one passed or failed of `npm test`.
import { spawn } from 'node:child_process';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { ROOT } from './build-stamp.mjs';
import { buildIfStale, setUpDependencies } from './setup.mjs';

/** The longest first: they run side by side. */
const CHECKS = ['format:check', 'lint', 'types', 'deadcode', 'package:check', 'fences:check'];

const say = (text) => process.stderr.write(`${text}\n`);

const run = (script) =>
  new Promise((resolve) => {
    const began = performance.now();
    const child = spawn('npm', ['run', '--silent', script], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    const output = [];
    child.stdout.on('data', (data) => output.push(data));
    child.stderr.on('data', (data) => output.push(data));
    const end = (passed) =>
      resolve({
        name: script,
        passed,
        seconds: (performance.now() - began) / 1000,
        output: Buffer.concat(output).toString(),
      });
    child.once('error', () => end(false));
    child.once('close', (code) => end(code === 0));
  });

function build() {
  const began = performance.now();
  const end = (passed, output) => ({
    name: 'build',
    passed,
    seconds: (performance.now() - began) / 1000,
    output,
  });
  try {
    buildIfStale();
    return end(true, '');
  } catch (error) {
    return end(false, `${error.message}\n`);
  }
}

function tell({ name, passed, seconds, output }) {
  say(`${passed ? 'passed' : 'FAILED'}  ${name} (${seconds.toFixed(1)} s)`);
  if (!passed) say(output.trimEnd());
}

/** Every check, a failed one stops no other; the build comes first, since the package is checked as it is built. */
export async function runChecks() {
  setUpDependencies();
  const results = [build()];
  tell(results[0]);
  const left = [...CHECKS];
  const lane = async () => {
    for (let script = left.shift(); script !== undefined; script = left.shift()) {
      const result = await run(script);
      tell(result);
      results.push(result);
    }
  };
  await Promise.all(Array.from({ length: os.availableParallelism() }, lane));
  return {
    passed: results.filter(({ passed }) => passed).length,
    failed: results.filter(({ passed }) => !passed).map(({ name }) => name),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { failed } = await runChecks();
  if (failed.length > 0) {
    say(`Failed: ${failed.map((name) => `npm run ${name}`).join(', ')}.`);
    process.exitCode = 1;
  }
}
