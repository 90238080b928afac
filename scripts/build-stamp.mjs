// What dist was built from: `clear` before a build, `write` after one that succeeded. So dist never passes for another state's.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const PACKAGES = join(ROOT, 'packages');
const STAMP = join(ROOT, 'dist/.snapflow-source-hash');
const INPUTS = [
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'scripts/bundle-workflows.mjs',
];

/** What a build compiles, each with a src and a dist: the root, and the packages that have sources of their own. */
const compiled = () => {
  const packages = existsSync(PACKAGES) ? readdirSync(PACKAGES).map((name) => join(PACKAGES, name)) : [];
  return [ROOT, ...packages.filter((folder) => existsSync(join(folder, 'src')))];
};

const distFolders = () => compiled().map((folder) => join(folder, 'dist'));

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

const sourceHash = () => {
  const [, ...packages] = compiled();
  return hashOf([
    ...INPUTS.map((name) => join(ROOT, name)),
    ...packages.flatMap((folder) => [join(folder, 'package.json'), join(folder, 'tsconfig.json')]),
    ...compiled().flatMap((folder) => filesBelow(join(folder, 'src'))),
  ]);
};

/** Whether every dist was built from exactly these sources. */
export const isBuilt = () =>
  distFolders().every((folder) => existsSync(folder)) &&
  existsSync(STAMP) &&
  readFileSync(STAMP, 'utf8') === sourceHash();

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // The whole folder: what a deleted source left would still be loaded.
  if (process.argv[2] !== 'clear') writeFileSync(STAMP, sourceHash());
  else for (const folder of distFolders()) rmSync(folder, { recursive: true, force: true });
}
