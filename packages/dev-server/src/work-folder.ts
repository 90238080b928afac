import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { endWithUs } from './end-with-us';
import { isAlive } from './is-alive';

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
