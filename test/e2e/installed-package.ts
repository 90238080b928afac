import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CLEAN_ENV } from '../environment/program';

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

/** A tarball, as npm packed it. */
export interface PackedPackage {
  readonly tarball: string;
  readonly files: readonly PackedFile[];
  readonly unpackedSize: number;
}

/** A folder of a user, with nothing in it but what is installed there from tarballs. */
export class UserFolder {
  private constructor(readonly folder: string) {}

  static async make(): Promise<UserFolder> {
    const made = new UserFolder(await mkdtemp(join(tmpdir(), 'snapflow-package-')));
    await writeFile(join(made.folder, 'package.json'), '{ "private": true }\n');
    return made;
  }

  /** Packs a package of this checkout and installs the tarball: `.` is the worker's. */
  async install(path: string): Promise<PackedPackage> {
    const packed = JSON.parse(
      await npm(join(ROOT, path), 'pack', '--json', '--pack-destination', this.folder),
    ) as object;
    // A list up to npm 11, by package name since npm 12.
    const [entry] = Object.values(packed) as [
      { filename: string; files: PackedFile[]; unpackedSize: number },
    ];
    const { filename, files, unpackedSize } = entry;
    await npm(this.folder, 'install', '--no-audit', '--no-fund', '--prefer-offline', `./${filename}`);
    return { tarball: join(this.folder, filename), files, unpackedSize };
  }

  /** Names of everything installed, with its folders below node_modules. */
  async installed(): Promise<readonly string[]> {
    const noted = await readFile(join(this.folder, 'node_modules/.package-lock.json'), 'utf8');
    return Object.keys((JSON.parse(noted) as { packages: object }).packages);
  }

  /** Bytes of all files in node_modules. */
  async installedBytes(): Promise<number> {
    const entries = await readdir(join(this.folder, 'node_modules'), {
      recursive: true,
      withFileTypes: true,
    });
    const files = entries.filter((entry) => entry.isFile());
    const sizes = await Promise.all(
      files.map(async (file) => (await stat(join(file.parentPath, file.name))).size),
    );
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

const npm = async (cwd: string, ...args: string[]): Promise<string> =>
  (await run('npm', args, { cwd, env: ENV, timeout: INSTALL_LIMIT_MS, maxBuffer: 64 * 1024 * 1024 })).stdout;
