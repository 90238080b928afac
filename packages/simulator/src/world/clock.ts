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

interface Entry {
  readonly dueMs: number;
  readonly order: number;
  readonly act: () => void;
}

/**
 * The only source of things that happen later. Entries run by due time, then in the order in which they were
 * asked for, so that one seed and one driven clock always give the same history.
 */
export class Scheduler {
  private entries: Entry[] = [];
  private nextOrder = 0;
  private disarm: (() => void) | undefined;

  constructor(private readonly clock: Clock) {}

  /** Runs `act` after `delayMs`; the returned function takes it back. */
  after(delayMs: number, act: () => void): () => void {
    const entry: Entry = { dueMs: this.clock.now() + Math.max(0, delayMs), order: this.nextOrder++, act };
    this.entries.push(entry);
    this.entries.sort((left, right) => left.dueMs - right.dueMs || left.order - right.order);
    this.arm();
    return () => {
      this.entries = this.entries.filter((other) => other !== entry);
    };
  }

  /** A promise form for the waits of a call that is being delayed. */
  wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(delayMs, resolve);
    });
  }

  /** Forgets everything that is still to come. */
  stop(): void {
    this.entries = [];
    this.disarm?.();
    this.disarm = undefined;
  }

  private arm(): void {
    this.disarm?.();
    const [next] = this.entries;
    this.disarm =
      next && this.clock.after(Math.max(0, next.dueMs - this.clock.now()), () => this.runWhatIsDue());
  }

  private runWhatIsDue(): void {
    const nowMs = this.clock.now();
    for (let next = this.entries[0]; next && next.dueMs <= nowMs; next = this.entries[0]) {
      this.entries.shift();
      next.act();
    }
    this.arm();
  }
}
