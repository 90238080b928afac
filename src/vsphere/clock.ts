/** The two clocks of a machine: one tells the date, the other never jumps. */
export interface Clock {
  /** Wall clock in milliseconds since 1970; may jump. */
  nowMs(): number;
  /** Milliseconds since an arbitrary moment; only grows. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};
