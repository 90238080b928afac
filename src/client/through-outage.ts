import { sleep } from './sleep';
import { TemporalUnavailable } from './temporal-unavailable';

/** A server upgrade or a failover takes a minute or two. */
const OUTAGE_MS = 5 * 60_000;
const RETRY_INTERVAL_MS = 2_000;

/**
 * Repeats a read while the Temporal server does not answer: an operation outlives such an outage, so a wait for it does
 * too. After five minutes without an answer the error is the caller's.
 */
export const throughOutage = async <Answer>(
  read: () => Promise<Answer>,
  signal?: AbortSignal,
): Promise<Answer> => {
  const giveUpAt = performance.now() + OUTAGE_MS;
  for (;;) {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof TemporalUnavailable) || error.reason !== 'unreachable') throw error;
      if (performance.now() >= giveUpAt) throw error;
      await sleep(RETRY_INTERVAL_MS, signal);
    }
  }
};
