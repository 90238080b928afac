import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive } from './child-group';
import type { StartProgress } from './progress';
import { workName } from './temporal-cache';

/**
 * One installation at a time per cache folder. The lock saves work and nothing more: every installation works in a folder
 * of its own and ends in an atomic rename, so even two holders at once leave one whole binary.
 */
const NAME = 'install.lock';
const POLL_MS = 200;
/** A living holder renews its lock this often; a lock that is much older belongs to a reused pid or a stopped process. */
const RENEW_MS = 5_000;
const STALE_AFTER_MS = 60_000;

/** A lock that is still empty (its holder is about to write) reads as pid 0, which counts as alive until it is stale. */
async function isHeld(path: string): Promise<boolean> {
  try {
    const pid = Number(await readFile(path, 'utf8'));
    return isAlive(pid) && Date.now() - (await stat(path)).mtimeMs < STALE_AFTER_MS;
  } catch {
    return false;
  }
}

async function tryToTake(path: string): Promise<boolean> {
  try {
    await writeFile(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
}

/** Away by rename, which only one of several waiters can win. */
async function removeStale(folder: string, path: string): Promise<void> {
  const aside = join(folder, workName(randomUUID()));
  await rename(path, aside).catch(() => undefined);
  await rm(aside, { force: true });
}

async function take(folder: string, limitMs: number, startProgress: StartProgress): Promise<string> {
  const path = join(folder, NAME);
  if (await tryToTake(path)) return path;
  const progress = startProgress('Waiting for another process that installs the Temporal server');
  const giveUpAt = performance.now() + limitMs;
  try {
    while (!(await tryToTake(path))) {
      if (performance.now() > giveUpAt) {
        throw new Error(
          `Waited ${limitMs / 1000} s for another installation: remove ${path} if none is running`,
        );
      }
      if (!(await isHeld(path))) await removeStale(folder, path);
      await delay(POLL_MS);
    }
    return path;
  } finally {
    progress.end();
  }
}

/** Runs `work` while holding the folder's installation lock; waits at most `limitMs` for another holder, and shows that. */
export async function withInstallLock<T>(
  folder: string,
  limitMs: number,
  startProgress: StartProgress,
  work: () => Promise<T>,
): Promise<T> {
  const path = await take(folder, limitMs, startProgress);
  const renew = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => undefined), RENEW_MS);
  try {
    return await work();
  } finally {
    clearInterval(renew);
    await rm(path, { force: true });
  }
}
