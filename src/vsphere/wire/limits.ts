/** The two clocks of a machine: one tells the date, the other never jumps. */
export interface Clock {
  /** Wall clock in milliseconds since 1970. May jump. */
  nowMs(): number;
  /** Milliseconds since an arbitrary moment. Only grows. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};

/** So many calls may go at once after a pause, as a share of a second's: a request's own dozen of reads never waits. */
const BURST_MS = 250;

/**
 * The calls per second that one host is asked by this worker. Further calls wait in the order in which they came. Each
 * takes the next free place at once, so calls keep their order without a queue.
 */
export class RateLimiter {
  private readonly intervalMs: number;
  /** When the place after the last one taken becomes free. */
  private nextMs = 0;

  constructor(
    perSecond: number,
    private readonly clock: Clock = systemClock,
  ) {
    this.intervalMs = 1_000 / perSecond;
  }

  /** Resolves when a call may go. Rejects with the signal's reason. Its place is then lost, which only slows. */
  wait(signal: AbortSignal | undefined): Promise<void> {
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

/** The time that one call has, and the caller's own wish to give it up, as one signal. */
export interface CallDeadline {
  readonly signal: AbortSignal;
  /** Stops the timer. A call that has ended must not keep the process alive. */
  end(): void;
}

/** Why a call was given up. */
export class GivenUp extends Error {
  constructor(readonly by: 'deadline' | 'caller') {
    super(by);
  }
}

/** Node's timers run on the monotonic clock: a corrected wall clock neither ends nor prolongs a call. */
export function startCallDeadline(deadlineMs: number, outer?: AbortSignal): CallDeadline {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new GivenUp('deadline')), deadlineMs);
  const giveUp = (): void => controller.abort(new GivenUp('caller'));
  if (outer?.aborted) giveUp();
  outer?.addEventListener('abort', giveUp, { once: true });
  return {
    signal: controller.signal,
    end: () => {
      clearTimeout(timer);
      outer?.removeEventListener('abort', giveUp);
    },
  };
}

/** Waits for shared work no longer than the signal allows. The work itself goes on for the others who wait for it. */
export async function withinDeadline<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let onAbort: () => void = () => undefined;
  const givenUp = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([work, givenUp]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** A shutdown must not hang on a server that is gone. Its sessions end by themselves. */
export const LOGOUT_DEADLINE_MS = 3_000;
