import { askWhetherPosted } from './before-start';
import { toApplicationFailure } from './fail';
import type { RunContext } from './run-context';

/**
 * Before a success: a run that a reset made while the run before it was undoing must not say that all is well, for what it
 * has verified is going, or gone. An original run pays nothing.
 */
export async function assertNotUndone(
  effect: string,
  taskId: string | undefined,
  { trace, status }: Pick<RunContext, 'trace' | 'status'>,
): Promise<void> {
  if (!trace.wasReset || !(await askWhetherPosted(status, {})).undoBegun) return;
  throw toApplicationFailure({
    type: 'CompensationIncomplete',
    message: `An earlier run of this request has begun to undo ${effect}: whether it is still there is not known, look at it.`,
    ...(taskId === undefined ? {} : { details: { taskId } }),
  });
}
