interface Timer {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
  cancelled: boolean;
}

/** Rounds of microtasks after each timer; a poll has fewer steps than that. */
const TURNS = 30;

/** A clock that only `run` moves, so that minutes of waiting cost no time and nothing else is on the machine. */
export class VirtualTime {
  nowMs = 0;
  private readonly heap: Timer[] = [];
  private count = 0;

  readonly clock = { nowMs: () => this.nowMs, monotonicMs: () => this.nowMs };

  readonly schedule = (delayMs: number, callback: () => void): (() => void) => {
    const timer = { at: this.nowMs + delayMs, order: ++this.count, callback, cancelled: false };
    this.push(timer);
    return () => void (timer.cancelled = true);
  };

  readonly sleep = (ms: number): Promise<void> => new Promise((resolve) => void this.schedule(ms, resolve));

  /** Lets time pass, timer by timer, and everything that follows from each. */
  async run(untilMs: number): Promise<void> {
    for (;;) {
      const [next] = this.heap;
      if (next === undefined || next.at > untilMs) break;
      this.pop();
      if (next.cancelled) continue;
      this.nowMs = next.at;
      next.callback();
      for (let turn = 0; turn < TURNS; turn++) await Promise.resolve();
    }
    this.nowMs = untilMs;
  }

  private before(a: number, b: number): boolean {
    const [x, y] = [this.heap[a]!, this.heap[b]!];
    return x.at < y.at || (x.at === y.at && x.order < y.order);
  }

  private swap(a: number, b: number): void {
    [this.heap[a], this.heap[b]] = [this.heap[b]!, this.heap[a]!];
  }

  private push(timer: Timer): void {
    let at = this.heap.push(timer) - 1;
    for (let up = (at - 1) >> 1; at > 0 && this.before(at, up); at = up, up = (at - 1) >> 1)
      this.swap(at, up);
  }

  private pop(): void {
    const last = this.heap.pop()!;
    if (this.heap.length === 0) return;
    this.heap[0] = last;
    for (let at = 0; ;) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      let least = at;
      if (left < this.heap.length && this.before(left, least)) least = left;
      if (right < this.heap.length && this.before(right, least)) least = right;
      if (least === at) return;
      this.swap(at, least);
      at = least;
    }
  }
}
