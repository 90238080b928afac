import { access, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { goInstall } from '../../packages/dev-server/src/install-temporal';
import { runToEnd } from '../../packages/dev-server/src/child-group';
import { programCacheFolder } from '../../packages/dev-server/src/temporal-cache';
import { installOnce } from '../environment/install-once';

/** Go programs of one module that are kept together, in a cache folder of their own. */
export interface GoProgram {
  /** Name of the cache folder. */
  readonly name: string;
  readonly version: string;
  readonly module: string;
  /** Paths inside the module; the last part is the binary's name. */
  readonly packages: readonly string[];
}

const VERSION_LIMIT_MS = 10_000;
/** The sources are there after a build; else they are some 100 MB. */
const DOWNLOAD_LIMIT_MS = 5 * 60_000;

/** The folder with the binaries, which are built into this user's cache if need be. Safe for several processes. */
export async function installGoProgram(program: GoProgram): Promise<string> {
  const { name, version, module } = program;
  const folder = programCacheFolder(name, version, process.env);
  try {
    await installOnce({
      folder,
      title: `Building ${module} ${version} with Go`,
      isWhole: () => isWhole(program, folder),
      build: (work) => build(program, folder, work),
    });
  } catch (error) {
    const { message } = error as Error;
    throw new Error(`${module} ${version} could not be built (${message}): install Go, or correct that`, {
      cause: error,
    });
  }
  return folder;
}

/** Only a binary that ran gets its final name, and gets it by one rename. */
async function build(program: GoProgram, folder: string, work: string): Promise<void> {
  const packages = program.packages.map((path) => `${program.module}/${path}@v${program.version}`);
  await goInstall(packages, work, process.env);
  if (!(await isWhole(program, work))) throw new Error('the result does not run on this machine');
  for (const name of program.packages.map((path) => basename(path)))
    await rename(join(work, name), join(folder, name));
}

async function isWhole({ packages, version }: GoProgram, folder: string): Promise<boolean> {
  try {
    for (const path of packages) {
      const said = await runToEnd(join(folder, basename(path)), ['--version'], VERSION_LIMIT_MS);
      if (!said.includes(`version ${version}`)) return false;
    }
    return true;
  } catch {
    return false;
  }
}

/** The module's sources: what its images bring besides the binaries comes from there. */
export async function goModuleFolder({ module, version }: GoProgram): Promise<string> {
  const said = await runToEnd('go', ['mod', 'download', '-json', `${module}@v${version}`], DOWNLOAD_LIMIT_MS);
  const { Dir } = JSON.parse(said.slice(said.indexOf('{'))) as { Dir: string };
  await access(Dir);
  return Dir;
}
