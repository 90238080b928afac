/** Lets so many in at once, the others in the order in which they came. */
export class Turns {
  private readonly waiting = new Set<() => void>();
  private free: number;

  constructor(most: number) {
    this.free = most;
  }

  /** Runs `work` when it is its turn. Rejects with the signal's reason while it still waits. */
  async take<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    await this.turn(signal);
    try {
      return await work();
    } finally {
      this.pass();
    }
  }

  private turn(signal: AbortSignal | undefined): Promise<void> {
    if (this.free > 0) {
      this.free -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const enter = () => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        this.waiting.delete(enter);
        reject(signal?.reason as Error);
      };
      if (signal?.aborted === true) return leave();
      signal?.addEventListener('abort', leave, { once: true });
      this.waiting.add(enter);
      return undefined;
    });
  }

  private pass(): void {
    const [next] = this.waiting;
    if (next === undefined) {
      this.free += 1;
      return;
    }
    this.waiting.delete(next);
    next();
  }
}
