// npm run bench: sets up what is missing, then measures.
import { join } from 'node:path';
import { runProgram } from './run-program.mjs';
import { ROOT } from './build-stamp.mjs';
import { setUp } from './setup.mjs';

setUp();
const command = ['--import', 'tsx', join(ROOT, 'bench/main.ts'), ...process.argv.slice(2)];
process.exit(await runProgram(command, { cwd: ROOT }));
