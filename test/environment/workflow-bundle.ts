import { readFileSync, statSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { bundleWorkflowCode, Worker } from '@temporalio/worker';

const ROOT = join(__dirname, '..', '..');
const WORKFLOWS = join(ROOT, 'src', 'workflows', 'index.ts');
const BUILT = join(ROOT, 'dist', 'workflow-bundle.js');
const SOURCES = ['src/workflows', 'src/contract'];

/** The workflows' bundle: the built one where it is newer than its sources, else made now from the sources. */
export async function workflowBundle(): Promise<{ code: string }> {
  const builtAt = statSync(BUILT, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (newestOf(SOURCES) < builtAt) return { code: readFileSync(BUILT, 'utf8') };
  // As the built one is made.
  return bundleWorkflowCode({ workflowsPath: WORKFLOWS, preloadModules: [WORKFLOWS], logger: silent });
}

const newestOf = (folders: readonly string[]): number =>
  Math.max(
    ...folders.flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map(
        (file) => statSync(join(ROOT, folder, file)).mtimeMs,
      ),
    ),
  );

const none = () => undefined;
const silent = { log: none, trace: none, debug: none, info: none, warn: none, error: none };

/**
 * Replays every history that a task queue has had, finished or not. A step that the code would now take in another order
 * is an error of the test.
 */
export async function replayAll(
  client: Client,
  taskQueue: string,
  workflowBundle: { code: string },
): Promise<number> {
  let replayed = 0;
  const histories = client.workflow.list({ query: `TaskQueue = '${taskQueue}'` }).intoHistories();
  for await (const result of Worker.runReplayHistories({ workflowBundle }, histories)) {
    if (result.error !== undefined)
      throw new Error(`replay of ${result.workflowId}: ${result.error.message}`);
    replayed += 1;
  }
  return replayed;
}
