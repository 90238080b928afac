import { constants, rmSync } from 'node:fs';
import { access, stat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, delimiter } from 'node:path';
import { endWithUs, isAlive } from './child-group';

/** The release of the temporal command line that is downloaded or built when the machine has none. */
export const TEMPORAL_CLI_VERSION = '1.5.1';

export type Environment = Readonly<Record<string, string | undefined>>;

function userCacheFolder(env: Environment, platform: NodeJS.Platform): string {
  if (env.XDG_CACHE_HOME) return env.XDG_CACHE_HOME;
  const home = env.HOME ?? homedir();
  if (platform === 'darwin') return join(home, 'Library', 'Caches');
  if (platform === 'win32') return env.LOCALAPPDATA ?? join(home, 'AppData', 'Local');
  return join(home, '.cache');
}

/** This user's folder for one release of a program: the program itself, an installation's lock and its temporary folders. */
export const programCacheFolder = (
  program: string,
  version: string,
  env: Environment,
  platform = process.platform,
): string => join(userCacheFolder(env, platform), 'snapflow', program, version);

export const temporalCacheFolder = (env: Environment, platform = process.platform): string =>
  programCacheFolder('temporal', TEMPORAL_CLI_VERSION, env, platform);

export const executableName = (name: string, platform = process.platform): string =>
  platform === 'win32' ? `${name}.exe` : name;

async function isExecutableFile(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** The first executable file of that name in the folders of PATH. */
export async function findOnPath(name: string, env: Environment): Promise<string | undefined> {
  for (const folder of (env.PATH ?? env.Path ?? '').split(delimiter)) {
    if (folder === '') continue;
    const path = join(folder, executableName(name));
    if (await isExecutableFile(path)) return path;
  }
  return undefined;
}

/** The owner's pid is in the name, so that what an interrupted installation left is known for what it is. */
const NAME = /^work-(\d+)-/;
export const workName = (rest: string): string => `work-${process.pid}-${rest}`;

/** Removes the work folders whose processes are gone. */
export async function removeDeadWorkFolders(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const pid = NAME.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid)))
      await rm(join(parent, name), { recursive: true, force: true });
  }
}

/** Runs `work` with an empty folder inside `parent` (the same file system, so that a rename is atomic), then removes it. */
export async function inWorkFolder<T>(parent: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(parent, workName('')));
  const detach = endWithUs(() => rmSync(folder, { recursive: true, force: true }));
  try {
    return await work(folder);
  } finally {
    detach();
    await rm(folder, { recursive: true, force: true });
  }
}
