import { join } from 'node:path';
import { startChildGroup, type ChildGroup } from '../../src/engine/child-group';
import { eventually } from '../rig/eventually';

const SNAPFLOW = join(__dirname, '..', '..', 'dist', 'cli', 'main.js');
/** Several start at once on two cores. */
const READY_WITHIN_MS = 40_000;

/** Starts a command of the built program and resolves when its output matches. A program that ended instead is an error of the test. */
export async function startProcess(
  command: 'simulator' | 'worker',
  ready: RegExp,
  env: NodeJS.ProcessEnv = process.env,
): Promise<ChildGroup> {
  const child = await startChildGroup(process.execPath, [SNAPFLOW, command], { env });
  try {
    await eventually(
      `${command} was ready`,
      () => {
        if (child.hasEnded()) throw new Error(`${command} ended by itself: ${child.output()}`);
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
