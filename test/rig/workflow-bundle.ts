import { readFileSync, statSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';

const ROOT = join(__dirname, '..', '..');
const BUILT = join(ROOT, 'dist', 'workflow-bundle.js');
const SOURCES = ['src/workflows', 'src/contract'];

/** The workflows' bundle: the built one where it is newer than its sources, else made now from the sources. */
export async function workflowBundle(): Promise<{ code: string }> {
  const builtAt = statSync(BUILT, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (newestOf(SOURCES) < builtAt) return { code: readFileSync(BUILT, 'utf8') };
  return bundleWorkflowCode({ workflowsPath: join(ROOT, 'src', 'workflows', 'index.ts'), logger: silent });
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
