import { startChildGroup, type ChildGroup } from '../../packages/dev-server/src/child-group';
import { eventually } from './eventually';

/** Several start at once on two cores; below a test's own limit, so that this is what names the program. */
const READY_WITHIN_MS = 40_000;

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
