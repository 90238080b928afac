import { eventually } from '../rig/eventually';
import type { Scene } from './scene';

/** Holds the next call of an operation; resolves with the hold's id once the call is there. */
export async function heldNext(
  { control }: Scene,
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
export async function killThenReplace(scene: Scene, hold?: string): Promise<void> {
  await scene.killWorker();
  if (hold !== undefined) await scene.control.release(hold);
  await scene.startWorker();
}
