import { setTimeout as delay } from 'node:timers/promises';

/** Waits with a jitter of a fifth, so that many waiters do not ask the server in step. Rejects with the signal's reason. */
export const sleep = async (durationMs: number, signal?: AbortSignal): Promise<void> => {
  const jitteredMs = durationMs * (0.9 + Math.random() * 0.2);
  try {
    await delay(jitteredMs, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
};
