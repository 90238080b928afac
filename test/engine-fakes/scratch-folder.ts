import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folders: string[] = [];

/** An empty folder for one test; `removeScratchFolders` belongs into `afterEach`. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'snapflow-test-'));
  folders.push(folder);
  return folder;
}

export function removeScratchFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}
