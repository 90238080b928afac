import { setTimeout as sleep } from 'node:timers/promises';
import type { ApplianceSession } from './appliance-session';

/** The loops that people write, by their interval. The vendor's samples sleep 5 s. */
export const LOOPS = [
  { name: 'official sample: every 5 s', intervalMs: 5_000 },
  { name: 'bare loop: every 1 s', intervalMs: 1_000 },
  { name: 'per operation, at our interval', intervalMs: 500 },
] as const;

/** Asks for one task until it has ended; resolves with the moment at which that was seen. */
export async function pollUntilEnd(
  session: ApplianceSession,
  taskId: string,
  intervalMs: number,
  signal?: AbortSignal,
): Promise<number> {
  for (;;) {
    const status = await session.taskStatus(taskId);
    if (status === 'SUCCEEDED' || status === 'FAILED') return Date.now();
    await sleep(intervalMs, undefined, signal === undefined ? {} : { signal });
  }
}
