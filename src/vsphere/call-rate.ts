import { systemClock, type Clock } from './clock';

/** So many calls may go at once after a pause, as a share of a second's: a request's own dozen of reads never waits. */
const BURST_MS = 250;

/**
 * The calls per second that one host is asked by this worker. Calls beyond wait in the order in which they came; each
 * takes the next free place at once, so nobody is overtaken and no queue has to be kept.
 */
export class CallRate {
  private readonly intervalMs: number;
  /** When the place after the last one taken becomes free. */
  private nextMs = 0;

  constructor(
    perSecond: number,
    private readonly clock: Clock = systemClock,
  ) {
    this.intervalMs = 1_000 / perSecond;
  }

  /** Resolves when a call may go. Rejects with the signal's reason; its place is then lost, which only slows. */
  turn(signal: AbortSignal | undefined): Promise<void> {
    const now = this.clock.monotonicMs();
    const place = Math.max(this.nextMs, now);
    this.nextMs = place + this.intervalMs;
    const waitMs = place - now - BURST_MS;
    return waitMs <= 0 ? Promise.resolve() : pause(waitMs, signal);
  }
}

const pause = (durationMs: number, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve, reject) => {
    const leave = () => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', leave);
      resolve();
    }, durationMs);
    if (signal?.aborted === true) return leave();
    signal?.addEventListener('abort', leave, { once: true });
    return undefined;
  });
