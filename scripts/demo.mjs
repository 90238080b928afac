// npm run demo: sets up what is missing, then runs the demo.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from './run-program.mjs';
import { ROOT } from './build-stamp.mjs';
import { setUp } from './setup.mjs';

setUp();
const program = join(ROOT, 'dist/demo/main.js');
if (!existsSync(program)) {
  process.stderr.write('The build has no demo (src/demo/main.ts): nothing to run.\n');
  process.exit(1);
}
process.exit(await runProgram([program, ...process.argv.slice(2)]));
