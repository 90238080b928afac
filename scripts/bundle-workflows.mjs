// Bundles the compiled workflows into one file at build time: a worker then starts without a bundler.
import { existsSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ROOT } from './build-stamp.mjs';

const SOURCE = join(ROOT, 'src/workflows/index.ts');
const TARGET = join(ROOT, 'dist/workflow-bundle.js');

if (existsSync(SOURCE)) {
  const { bundleWorkflowCode } = createRequire(import.meta.url)('@temporalio/worker');
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(ROOT, 'dist/workflows/index.js'),
    // Its progress is of no interest; what it refuses is.
    logger: {
      trace: () => {},
      debug: () => {},
      info: () => {},
      log: () => {},
      warn: (message) => process.stderr.write(`${message}\n`),
      error: (message) => process.stderr.write(`${message}\n`),
    },
  });
  writeFileSync(TARGET, code);
} else {
  process.stderr.write('No src/workflows/index.ts yet: no workflow bundle.\n');
}
