import type { CloneHandle } from '../../src/client';
import { eventually } from './eventually';
import type { Environment } from './open-environment';

/** How long a clone's task takes. */
export const QUICK_MS = 300;
/** Longer than any test: such a task ends when its test says so. */
const NEVER_MS = 3_600_000;

/** Starts a clone whose task ends only by `end`; those that are started later are quick again. */
export async function waitingClone(
  { snapflow, control }: Pick<Environment, 'snapflow' | 'control'>,
  name: string,
  requestId = name,
): Promise<{ readonly clone: CloneHandle; readonly end: () => Promise<unknown> }> {
  await control.settings({ cloneMs: NEVER_MS });
  const clone = await snapflow.clone({ vm: 'web-01', snapshot: 'latest', name }, { requestId });
  const taskId = await eventually('it waits for its task', async () => (await clone.describe()).taskId);
  await control.settings({ cloneMs: QUICK_MS });
  return { clone, end: () => control.task(taskId, { status: 'SUCCEEDED' }) };
}
