import { join } from 'node:path';
import { startChildGroup, type ChildGroup } from '../src/engine/child-group';
import { eventually } from '../test/rig/eventually';

/** The built program, as a user runs it. */
export const PROGRAM = join(__dirname, '..', 'dist', 'cli', 'main.js');
const READY_WITHIN_MS = 60_000;

export const startProgram = (
  args: readonly string[],
  ready: RegExp,
  env: NodeJS.ProcessEnv = process.env,
): Promise<ChildGroup> => startNode([PROGRAM, ...args], ready, env);

/** Starts a program of Node and resolves when its output matches; one that ends instead is an error. */
export async function startNode(
  args: readonly string[],
  ready: RegExp,
  env: NodeJS.ProcessEnv = process.env,
): Promise<ChildGroup> {
  const child = await startChildGroup(process.execPath, args, { env });
  try {
    await eventually(
      `${args.join(' ')} was ready`,
      () => {
        if (child.hasEnded()) throw new Error(`${args.join(' ')} ended by itself: ${child.output()}`);
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
