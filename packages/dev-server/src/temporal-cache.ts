import { homedir } from 'node:os';
import { join } from 'node:path';

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
