// Adds to package-lock.json the binaries of other platforms that its packages name as optional dependencies.
//
// npm leaves out what it cannot see (a registry without those packages, npm/cli#4828), and then `npm ci` refuses the lock
// file everywhere: "Missing: … from lock file". An entry needs a version, which its parent pins exactly, and the platform,
// which is in its name; without an integrity npm takes the registry's.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './build-stamp.mjs';

const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'];
const LIBCS = { gnu: 'glibc', gnueabihf: 'glibc', musl: 'musl', musleabihf: 'musl' };

/** `@scope/core-linux-arm64-gnu` is for os linux, cpu arm64, libc glibc. */
function platformOf(name) {
  const parts = name.split('/').at(-1).split('-');
  const at = parts.findIndex((part) => SYSTEMS.includes(part));
  if (at === -1) return undefined;
  const [os, cpu, abi] = parts.slice(at);
  return { cpu: [cpu], os: [os], ...(os === 'linux' && LIBCS[abi] ? { libc: [LIBCS[abi]] } : {}) };
}

const path = join(ROOT, 'package-lock.json');
const lock = JSON.parse(readFileSync(path, 'utf8'));
for (const parent of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`;
    const platform = platformOf(name);
    if (lock.packages[key] || !platform || !/^\d+\.\d+\.\d+/.test(version)) continue;
    const { dev, devOptional } = parent;
    lock.packages[key] = {
      version,
      ...platform,
      ...(dev ? { dev } : {}),
      ...(devOptional ? { devOptional } : {}),
      optional: true,
    };
  }
}
lock.packages = Object.fromEntries(
  Object.entries(lock.packages).toSorted(([a], [b]) => a.localeCompare(b, 'en')),
);
writeFileSync(path, `${JSON.stringify(lock, undefined, 2)}\n`);
