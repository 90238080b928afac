// What dist was built from: `clear` before a build, `write` after one that succeeded. So dist never passes for another state's.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const DIST = join(ROOT, 'dist');
const STAMP = join(DIST, '.snapflow-source-hash');
const INPUTS = ['package.json', 'package-lock.json', 'tsconfig.json', 'scripts/bundle-workflows.mjs'];

const filesBelow = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });

/** One hash of the names and contents of files of this clone. */
export const hashOf = (files) => {
  const hash = createHash('sha256');
  for (const file of files.toSorted())
    hash
      .update(`${relative(ROOT, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  return hash.digest('hex');
};

const sourceHash = () =>
  hashOf([...INPUTS.map((name) => join(ROOT, name)), ...filesBelow(join(ROOT, 'src'))]);

/** Whether dist was built from exactly these sources. */
export const isBuilt = () => existsSync(STAMP) && readFileSync(STAMP, 'utf8') === sourceHash();

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // The whole folder: what a deleted source left would still be loaded.
  if (process.argv[2] === 'clear') rmSync(DIST, { recursive: true, force: true });
  else writeFileSync(STAMP, sourceHash());
}
