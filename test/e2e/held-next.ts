import { eventually } from '../environment/eventually';
import type { ProcessEnvironment } from '../environment/processes';

/** Holds the next call of an operation; resolves with the hold's id once the call is there. */
export async function heldNext(
  { control }: ProcessEnvironment,
  operation: string,
  position: 'before' | 'after',
): Promise<() => Promise<string>> {
  await control.fault({ operation, position, action: 'hold', count: 1 });
  return () =>
    eventually(`${operation} is held`, async () => {
      const held = (await control.holds()).find((hold) => hold.operation === operation);
      return held?.hold;
    });
}

/** SIGKILL to the worker, then the held call goes on although nobody waits for it, then another worker. */
export async function killThenReplace(env: ProcessEnvironment, hold?: string): Promise<void> {
  await env.killWorker();
  if (hold !== undefined) await env.control.release(hold);
  await env.startWorker();
}
