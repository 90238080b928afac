// npm run docs:generate: writes docs/failures.md from the built tables.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ROOT } from './build-stamp.mjs';
import { setUp } from './setup.mjs';

setUp();
const load = createRequire(import.meta.url);
const { FAILURES } = load(join(ROOT, 'dist/contract/failure.js'));
const { ERROR_CLASSES } = load(join(ROOT, 'dist/activities/error-classes.js'));
const { renderFailures } = load('./render-failures.js');
writeFileSync(join(ROOT, 'docs/failures.md'), renderFailures(FAILURES, ERROR_CLASSES));
