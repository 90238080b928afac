import type { Clock } from '../../packages/simulator/src/world/clock';

/** A clock that stands still until it is told to go on; what is due runs on the way, in order. */
export class DrivenClock implements Clock {
  private nowMs = Date.parse('2026-04-12T12:00:00.000Z');
  private timers: { dueMs: number; act: () => void }[] = [];

  now(): number {
    return this.nowMs;
  }

  after(delayMs: number, act: () => void): () => void {
    const timer = { dueMs: this.nowMs + delayMs, act };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  advance(byMs: number): void {
    const endMs = this.nowMs + byMs;
    for (let next = this.nextBefore(endMs); next; next = this.nextBefore(endMs)) {
      this.timers = this.timers.filter((timer) => timer !== next);
      this.nowMs = Math.max(this.nowMs, next.dueMs);
      next.act();
    }
    this.nowMs = endMs;
  }

  private nextBefore(endMs: number) {
    return this.timers
      .filter((timer) => timer.dueMs <= endMs)
      .toSorted((left, right) => left.dueMs - right.dueMs)[0];
  }
}
