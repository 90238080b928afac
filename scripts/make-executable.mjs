// npx links the checkout once and marks its program executable only then: after the next build it would be refused.
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './build-stamp.mjs';

const { bin } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
for (const program of Object.values(bin)) chmodSync(join(ROOT, program), 0o755);
