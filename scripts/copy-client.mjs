// Copies the built library into packages/client, since the `files` of a package cannot name what is outside of it.
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ROOT } from './build-stamp.mjs';

/** Folders of the build: the library, and what it imports. */
const FOLDERS = ['client', 'contract', 'request'];

const target = join(ROOT, 'packages/client/dist');
rmSync(target, { recursive: true, force: true });
for (const folder of FOLDERS) cpSync(join(ROOT, 'dist', folder), join(target, folder), { recursive: true });

// One copy of the code for both module systems: a class is then the same class, however it was imported.
const names = Object.keys(createRequire(import.meta.url)(join(target, 'client/index.js'))).toSorted();
writeFileSync(
  join(target, 'index.mjs'),
  `import client from './client/index.js';\nexport const { ${names.join(', ')} } = client;\n`,
);
writeFileSync(join(target, 'index.d.mts'), "export * from './client/index.js';\n");
