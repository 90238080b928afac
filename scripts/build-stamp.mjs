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
  'scripts/copy-client.mjs',
];

/** What a build fills the dist of: the root, and each package. */
function built() {
  const packages = existsSync(PACKAGES) ? readdirSync(PACKAGES).map((name) => join(PACKAGES, name)) : [];
  return [ROOT, ...packages];
}

const distFolders = () => built().map((folder) => join(folder, 'dist'));

const filesBelow = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });

/** One hash of the names and contents of files of this clone. */
export function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files.toSorted())
    hash
      .update(`${relative(ROOT, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  return hash.digest('hex');
}

function sourceHash() {
  const [, ...packages] = built();
  const configuration = packages.flatMap((folder) => [
    join(folder, 'package.json'),
    join(folder, 'tsconfig.json'),
  ]);
  // The client's sources are the root's.
  const sources = built().map((folder) => join(folder, 'src'));
  return hashOf([
    ...INPUTS.map((name) => join(ROOT, name)),
    ...configuration.filter((path) => existsSync(path)),
    ...sources.filter((path) => existsSync(path)).flatMap(filesBelow),
  ]);
}

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
