import type { Shown } from './current-details';

/** Summary of the timer. */
export const SETTLING = "wait out the last call of the lock's previous holder";

/** What is shown while the last call of a holder that was terminated is waited out. */
export const settling = (settleMs: number): Shown => ({
  what: "the lock's previous holder was terminated a moment ago: its last call may still act and is waited out",
  next: `checked again and begun, in ${Math.ceil(settleMs / 1_000)} s at most`,
});
