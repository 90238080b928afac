import { createHash, type Hash } from 'node:crypto';

/** A process of the simulated site: what it set going happens only while it lives, and not while it stands still. */
export interface Owner {
  readonly name: string;
  alive: boolean;
  /** SIGSTOP: whatever is due before happens then. */
  resumesAtMs: number;
  /** Its wall clock; the virtual one where absent. */
  readonly wallMs?: () => number;
  readonly random?: () => number;
}

interface Due {
  readonly dueMs: number;
  readonly order: number;
  readonly owner: Owner;
  readonly label: string;
  readonly act: () => void | Promise<void>;
  cancelled: boolean;
}

export type Timer = { cancel: () => void };

/** The virtual moment at which every schedule begins. */
export const START_MS = Date.parse('2026-04-12T12:00:00.000Z');

/** No schedule comes near this; one that does runs in a circle. */
const MOST_EVENTS = 60_000;

/** Real, since the virtual ones are in place while a schedule runs: all microtasks are done before it fires. */
const realSetImmediate = setImmediate;
export const drained = (): Promise<void> => new Promise((resolve) => realSetImmediate(resolve));

/**
 * The one queue of everything that is to happen. One event at a time: what it sets going at once (microtasks) is over
 * before the next one, so everything that a piece of code does belongs to the owner of the event that ran it.
 */
export class VirtualTime {
  nowMs = START_MS;
  current: Owner;
  events = 0;
  readonly main: Owner = { name: 'main', alive: true, resumesAtMs: 0 };
  private readonly heap: Due[] = [];
  private order = 0;
  private readonly trace: Hash = createHash('sha256');

  constructor(
    private readonly log?: (line: string) => void,
    private readonly mostEvents = MOST_EVENTS,
  ) {
    this.current = this.main;
  }

  /** Runs `act` once after the delay, as code of its owner. */
  after(delayMs: number, label: string, act: () => void | Promise<void>, owner: Owner = this.current): Timer {
    const due: Due = {
      dueMs: this.nowMs + Math.max(0, Math.ceil(delayMs)),
      order: this.order++,
      owner,
      label,
      act,
      cancelled: false,
    };
    push(this.heap, due);
    return {
      cancel: () => {
        due.cancelled = true;
      },
    };
  }

  /** Goes on until nothing is left to happen, the condition holds, or the moment is reached; false when it was not. */
  async runUntil(isOver: () => boolean, untilMs: number): Promise<boolean> {
    while (!isOver()) {
      const next = pop(this.heap);
      if (next === undefined) return false;
      if (next.cancelled || !next.owner.alive) continue;
      if (next.owner.resumesAtMs > Math.max(next.dueMs, this.nowMs)) {
        push(this.heap, { ...next, dueMs: next.owner.resumesAtMs });
        continue;
      }
      if (next.dueMs > untilMs) {
        push(this.heap, next);
        this.nowMs = untilMs;
        return false;
      }
      await this.happen(next);
    }
    return true;
  }

  /** Adds to what the trace's hash stands for. */
  note(what: string): void {
    this.trace.update(`${this.nowMs - START_MS} ${this.current.name} ${what}\n`);
    this.log?.(`${String(this.nowMs - START_MS).padStart(8)} ${this.current.name.padEnd(10)} ${what}`);
  }

  hash(): string {
    return this.trace.copy().digest('hex').slice(0, 16);
  }

  private async happen({ dueMs, owner, label, act }: Due): Promise<void> {
    if (++this.events > this.mostEvents)
      throw new Error(`more than ${this.mostEvents} events: the schedule runs in a circle`);
    this.nowMs = Math.max(this.nowMs, dueMs);
    this.current = owner;
    if (label !== '') this.note(label);
    await act();
    await drained();
    this.current = this.main;
  }
}

const isBefore = (left: Due, right: Due): boolean =>
  left.dueMs < right.dueMs || (left.dueMs === right.dueMs && left.order < right.order);

function push(heap: Due[], due: Due): void {
  let at = heap.push(due) - 1;
  while (at > 0) {
    const up = (at - 1) >> 1;
    const parent = heap[up];
    if (parent === undefined || !isBefore(due, parent)) break;
    heap[at] = parent;
    at = up;
  }
  heap[at] = due;
}

function pop(heap: Due[]): Due | undefined {
  const [first] = heap;
  const last = heap.pop();
  if (first === undefined || last === undefined || heap.length === 0) return first;
  let at = 0;
  for (;;) {
    let down = 2 * at + 1;
    let child = heap[down];
    const right = heap[down + 1];
    if (child !== undefined && right !== undefined && isBefore(right, child)) {
      down += 1;
      child = right;
    }
    if (child === undefined || !isBefore(child, last)) break;
    heap[at] = child;
    at = down;
  }
  heap[at] = last;
  return first;
}
