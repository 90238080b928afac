// npm run demo, bench, proof, mutants: sets up what is missing, then runs FOLDER/main.ts with the arguments.
import { join } from 'node:path';
import { runProgram } from './run-program.mjs';
import { ROOT } from './build-stamp.mjs';
import { setUp } from './setup.mjs';

const [folder = '', ...given] = process.argv.slice(2);
setUp();
process.exit(
  await runProgram(['--conditions=source', '--import', 'tsx', join(ROOT, folder, 'main.ts'), ...given], {
    cwd: ROOT,
  }),
);
