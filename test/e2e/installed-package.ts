import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CLEAN_ENV } from '../rig/run-line';

const ROOT = join(__dirname, '../..');
const run = promisify(execFile);
/** From a warm cache it takes a quarter of a minute; from a registry it takes what the line takes. */
const INSTALL_LIMIT_MS = 180_000;

/** As the shell has it: npm tells its children where it runs itself, and a second npm would believe it. */
const ENV = Object.fromEntries(
  Object.entries(CLEAN_ENV).filter(([name]) => !/^npm_(?:config_local_prefix|package|lifecycle)/.test(name)),
);

/** A file of the tarball, as npm lists it. */
interface PackedFile {
  readonly path: string;
  readonly size: number;
}

/** The package as a user has it after `npm install ./snapflow-….tgz` in an empty folder. */
export interface InstalledPackage {
  readonly folder: string;
  readonly tarball: string;
  readonly files: readonly PackedFile[];
  readonly unpackedSize: number;
  readonly remove: () => Promise<void>;
}

/** Packs this checkout and installs the tarball. */
export async function installPackage(): Promise<InstalledPackage> {
  const folder = await mkdtemp(join(tmpdir(), 'snapflow-package-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  const npm = async (cwd: string, ...args: string[]) =>
    (await run('npm', args, { cwd, env: ENV, timeout: INSTALL_LIMIT_MS, maxBuffer: 64 * 1024 * 1024 }))
      .stdout;
  try {
    const packed = JSON.parse(await npm(ROOT, 'pack', '--json', '--pack-destination', folder)) as object;
    // A list up to npm 11, by package name since npm 12.
    const [entry] = Object.values(packed) as [
      { filename: string; files: PackedFile[]; unpackedSize: number },
    ];
    await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
    await npm(folder, 'install', '--no-audit', '--no-fund', '--prefer-offline', `./${entry.filename}`);
    const { files, unpackedSize } = entry;
    return { folder, tarball: join(folder, entry.filename), files, unpackedSize, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
