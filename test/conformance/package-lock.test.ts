import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface LockEntry {
  readonly version?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const ROOT = join(__dirname, '../..');
const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, LockEntry>;
};

test('the lock file names the binaries of every platform, else npm ci refuses it on a fresh clone (scripts/complete-lock.mjs)', () => {
  const missing = Object.entries(lock.packages).flatMap(([path, entry]) =>
    Object.keys(entry.optionalDependencies ?? {}).filter(
      (name) => !lock.packages[`node_modules/${name}`] && !lock.packages[`${path}/node_modules/${name}`],
    ),
  );
  expect(missing).toEqual([]);
});

test('every package of the Temporal SDK has one and the same exact version', () => {
  const versions = Object.entries(lock.packages)
    .filter(([path]) => /^node_modules\/@temporalio\/[^/]+$/.test(path))
    .map(([, entry]) => entry.version);
  expect(versions.length).toBeGreaterThan(5);
  expect(new Set(versions).size).toBe(1);
});

test('the lock file names no registry, so that it works with any', () => {
  expect(JSON.stringify(lock)).not.toContain('"resolved":"http');
});
