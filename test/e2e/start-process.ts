import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { startChildGroup, type ChildGroup } from '../../src/engine/child-group';
import { eventually } from '../rig/eventually';

const DIST = join(__dirname, '..', '..', 'dist');
/** Several start at once on two cores. */
const READY_WITHIN_MS = 40_000;

/** Starts a compiled program and resolves when its output matches. A program that ended instead is an error of the test. */
export async function startProcess(
  entry: 'simulator/main.js' | 'worker/main.js',
  ready: RegExp,
  env: NodeJS.ProcessEnv = process.env,
): Promise<ChildGroup> {
  const file = join(DIST, entry);
  if (!existsSync(file)) throw new Error(`${file} is missing: npm run build`);
  const child = await startChildGroup(process.execPath, [file], { env });
  try {
    await eventually(
      `${entry} was ready`,
      () => {
        if (child.hasEnded()) throw new Error(`${entry} ended by itself: ${child.output()}`);
        return ready.test(child.output());
      },
      READY_WITHIN_MS,
    );
    return child;
  } catch (error) {
    await child.stop(0);
    throw error;
  }
}
