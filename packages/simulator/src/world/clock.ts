/** Time as the simulator sees it; a bench passes one that it drives by hand. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs `act` once after `delayMs`; the returned function cancels it. */
  after(delayMs: number, act: () => void): () => void;
}

/** setTimeout fires at once above this; longer waits are cut and waited again by the scheduler. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, act) {
    const timer = setTimeout(act, Math.min(delayMs, MAX_TIMER_MS));
    return () => clearTimeout(timer);
  },
};
