import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { executableName, type Environment } from './temporal-cache';

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
