import { mkdir } from 'node:fs/promises';
import { withInstallLock } from '../../packages/dev-server/src/install-lock';
import { startProgress } from '../../packages/dev-server/src/progress';
import { inWorkFolder, removeDeadWorkFolders } from '../../packages/dev-server/src/temporal-cache';

/** Longer than the longest build of another process. */
const LOCK_LIMIT_MS = 18 * 60_000;

export interface Installation {
  /** In this user's cache. */
  readonly folder: string;
  /** What a person who waits is told. */
  readonly title: string;
  readonly isWhole: () => Promise<boolean>;
  /** Builds in an empty folder beside, and renames into `folder` what is whole: an interrupted build leaves nothing. */
  readonly build: (work: string) => Promise<void>;
}

/** Builds what is not there yet. Safe for several processes. */
export async function installOnce({ folder, title, isWhole, build }: Installation): Promise<void> {
  if (await isWhole()) return;
  await mkdir(folder, { recursive: true });
  await withInstallLock(folder, LOCK_LIMIT_MS, startProgress, async () => {
    if (await isWhole()) return;
    await removeDeadWorkFolders(folder);
    const progress = startProgress(`${title}, once`);
    try {
      await inWorkFolder(folder, build);
    } finally {
      progress.end();
    }
  });
}
