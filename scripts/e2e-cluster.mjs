// npm run e2e:cluster [-- jest arguments]: the production form as plain processes. It builds Temporal's server and UI with Go
// at its first run, and needs PostgreSQL.
import { createRequire } from 'node:module';
import { runProgram } from './run-program.mjs';
import { ROOT } from './build-stamp.mjs';
import { setUp } from './setup.mjs';

setUp();
const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const given = process.argv.slice(2);
process.exitCode = await runProgram([jest, '--runInBand', ...given, '--selectProjects', 'cluster'], {
  cwd: ROOT,
});
