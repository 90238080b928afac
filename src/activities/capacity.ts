import type { Operation } from '../contract/names';

/** While the service is full one start asks it so often; every other one is told the same without a call. */
const PROBE_EVERY_MS = 5_000;

interface Gate {
  closedUntilMs: number;
  /** Tasks of this worker that were open when it closed: one fewer means that there may be room. */
  openThen: number;
  /** What the service said. */
  words: string;
}

/**
 * What a connection's service last said of its capacity. A thousand starts that wait for room would otherwise each ask
 * for it. Clones and reverts have capacities of their own.
 */
export class Capacity {
  private readonly gates = new Map<Operation, Gate>();

  constructor(
    /** Tasks that this worker may have open on the connection at once. */
    private readonly most: number,
    private readonly open: () => number,
  ) {}

  /** Why a start need not ask now; undefined: it may, and while the service is full it is the one that asks for all. */
  whyFull(operation: Operation): string | undefined {
    const open = this.open();
    if (open >= this.most)
      return `this worker waits for ${open} tasks of the connection already, as many as limits.tasksInFlight allows`;
    const gate = this.gates.get(operation);
    if (gate === undefined) return undefined;
    if (open >= gate.openThen && performance.now() < gate.closedUntilMs) return gate.words;
    this.close(operation, gate.words);
    return undefined;
  }

  /** The service refused for want of capacity, in these words. */
  wasFull(operation: Operation, words: string): void {
    this.close(operation, words);
  }

  /** The service took a start. */
  hadRoom(operation: Operation): void {
    this.gates.delete(operation);
  }

  private close(operation: Operation, words: string): void {
    this.gates.set(operation, {
      closedUntilMs: performance.now() + PROBE_EVERY_MS,
      openThen: this.open(),
      words,
    });
  }
}
