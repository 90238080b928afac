import { setTimeout as sleep } from 'node:timers/promises';
import type { ApplianceSession } from './appliance-session';

/** The loops that people write, by their interval. The vendor's samples sleep 5 s. */
export const LOOPS = [
  { name: 'official sample: every 5 s', intervalMs: 5_000 },
  { name: 'bare loop: every 1 s', intervalMs: 1_000 },
  { name: 'per operation, at our interval', intervalMs: 500 },
] as const;

/** Ten times the longest task of a row: one that takes longer is lost, and its row would measure for ever. */
const ENDS_WITHIN_MS = 120_000;

/** Asks for one task until it has ended; resolves with the moment at which that was seen. */
export async function pollUntilEnd(
  session: Pick<ApplianceSession, 'taskStatus'>,
  taskId: string,
  intervalMs: number,
  endsWithinMs = ENDS_WITHIN_MS,
): Promise<number> {
  const until = performance.now() + endsWithinMs;
  for (;;) {
    const status = await session.taskStatus(taskId);
    if (status === 'SUCCEEDED' || status === 'FAILED') return Date.now();
    if (performance.now() > until)
      throw new Error(
        `Task ${taskId} has not ended within ${endsWithinMs / 1000} s, last seen ${status}: see what holds it in the simulator's state.`,
      );
    await sleep(intervalMs);
  }
}
