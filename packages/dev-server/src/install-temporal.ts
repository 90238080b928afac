import { chmod, mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { buildTemporal } from './build-temporal';
import { downloadTemporal } from './download-temporal';
import { withInstallLock } from './install-lock';
import type { StartProgress } from './progress';
import {
  executableName,
  temporalCacheFolder,
  TEMPORAL_CLI_VERSION,
  type Environment,
} from './temporal-cache';
import { temporalRuns } from './temporal-runs';
import { inWorkFolder, removeDeadWorkFolders } from './work-folder';

/** One way to get a binary: puts it somewhere into the empty `folder` and returns its path; an error's message is the reason. */
export interface Source {
  readonly name: 'download' | 'build';
  readonly announcement: string;
  fetch(folder: string, env: Environment): Promise<string>;
}

export const SOURCES: readonly Source[] = [
  {
    name: 'download',
    announcement: `Downloading the Temporal server ${TEMPORAL_CLI_VERSION}`,
    fetch: downloadTemporal,
  },
  {
    name: 'build',
    announcement: `Building the Temporal server ${TEMPORAL_CLI_VERSION} with Go, once, in about 3 to 6 minutes`,
    fetch: buildTemporal,
  },
];

/** Longer than the longest installation of another process: its download and its build. */
const LOCK_LIMIT_MS = 18 * 60_000;

/** Only a binary that ran gets its final name, and gets it by one rename: an interrupted installation leaves none. */
const fetchInto = (target: string, folder: string, source: Source, env: Environment): Promise<void> =>
  inWorkFolder(folder, async (work) => {
    const fetched = await source.fetch(work, env);
    await chmod(fetched, 0o755);
    if (!(await temporalRuns(fetched))) throw new Error('the result does not run on this machine');
    await rename(fetched, target);
  });

export type Installed =
  | { readonly path: string; readonly source: 'cache' | Source['name'] }
  | { readonly path: undefined; readonly reasons: readonly string[] };

/** The binary in this user's cache, put there by the first source that works if need be. Safe for several processes. */
export const installTemporal = async (
  env: Environment,
  sources: readonly Source[],
  startProgress: StartProgress,
): Promise<Installed> => {
  const folder = temporalCacheFolder(env);
  const path = join(folder, executableName('temporal'));
  if (await temporalRuns(path)) return { path, source: 'cache' };
  await mkdir(folder, { recursive: true });
  return withInstallLock(folder, LOCK_LIMIT_MS, startProgress, async () => {
    if (await temporalRuns(path)) return { path, source: 'cache' };
    await removeDeadWorkFolders(folder);
    const reasons: string[] = [];
    for (const source of sources) {
      const progress = startProgress(source.announcement);
      try {
        await fetchInto(path, folder, source, env);
        return { path, source: source.name };
      } catch (error) {
        reasons.push(`${source.name}: ${(error as Error).message}`);
      } finally {
        progress.end();
      }
    }
    return { path: undefined, reasons };
  });
};
