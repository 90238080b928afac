import type { Admission } from '../activities/connection';
import { EVERY_OPERATION, type Operation } from '../contract/operations';

/** Starts of a kind between permit and answer: with more, most of a crowd would leave before the first refusal comes. */
const MOST_UNDER_WAY = 4;
/** After a refusal a start that asks for more room goes after this long, then half as long again each time. */
const FIRST_PROBE_MS = 5_000;
const PROBE_GROWTH = 1.5;
/** An hour of a service that others fill costs about 60 refusals. */
const LONGEST_PROBE_MS = 60_000;
/** Room that others left is looked for at each so many starts that take the place of a task that ended: 3 % more calls. */
const PROBE_EACH = 32;
/** A wait follows its start within a second. After this another worker has it, and tells of its end. */
const BRIDGED_MS = 5_000;

/** What is known of the service's room for one kind of starts. */
interface Gate {
  /** Permits that are out: polling for a start, or making it. */
  held: number;
  /** Starts that are being made. */
  underWay: number;
  /** Permits that may be out at once. */
  most: number;
  /** Open tasks that the service had room for at its last refusal. Undefined: it has refused none since it took more. */
  room: number | undefined;
  /** From when on one start may ask for more. */
  probeAtMs: number;
  probeMs: number;
  /** Starts that were taken within the room. */
  replaced: number;
}

interface Waiter {
  readonly kind: Operation;
  readonly enter: () => void;
}

interface OpenTask {
  /** Undefined for one that another process started: it counts for each kind. */
  readonly kind: Operation | undefined;
  waits: number;
  /** Without a wait it counts for a while. */
  sinceMs: number;
}

/**
 * The starts of one connection: each waits in its task queue until there is a permit for it. Permits are bounded by the
 * worker's limit of open tasks and, after a refusal, by the room that the service has shown. A start that is taken
 * shows room, a refusal that there is none, and the end of a task gives its place on.
 */
export class StartPermits implements Admission {
  private readonly gates = Object.fromEntries(EVERY_OPERATION.map((kind) => [kind, newGate()])) as Record<
    Operation,
    Gate
  >;
  private readonly tasks = new Map<string, OpenTask>();
  private readonly waiting = new Set<Waiter>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    /** Tasks that this worker may have open on the connection at once. */
    private readonly most: number,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** Resolves with a permit. Rejects with the signal's reason: any other error would be logged as the supplier's. */
  reserve(kind: Operation, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.waiting.delete(waiter);
        this.arm();
        reject(signal.reason as Error);
      };
      const enter = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const waiter = { kind, enter };
      signal.addEventListener('abort', leave, { once: true });
      this.waiting.add(waiter);
      this.serve();
    });
  }

  /** A permit comes back, whatever became of it. */
  release(kind: Operation): void {
    this.gates[kind].held -= 1;
    this.serve();
  }

  begin(kind: Operation): string | undefined {
    const open = this.openTasks() + this.underWay();
    if (open >= this.most)
      return `this worker has ${open} tasks of the connection already, as many as limits.tasksInFlight allows`;
    this.gates[kind].underWay += 1;
    return undefined;
  }

  end(kind: Operation): void {
    this.gates[kind].underWay -= 1;
    this.serve();
  }

  onAccepted(kind: Operation, taskId: string): void {
    const gate = this.gates[kind];
    this.tasks.set(taskId, { kind, waits: 0, sinceMs: this.nowMs() });
    gate.most = Math.min(gate.most + 1, MOST_UNDER_WAY);
    if (gate.room === undefined) return this.serve();
    if (this.openTasks(kind) > gate.room) {
      gate.room = undefined;
      gate.probeMs = 0;
    } else {
      gate.replaced += 1;
      // As long as tasks end and others take their places, nothing stands idle.
      gate.probeAtMs = this.nowMs() + (gate.replaced % PROBE_EACH === 0 ? 0 : gate.probeMs);
    }
    this.serve();
  }

  onRefused(kind: Operation): void {
    const gate = this.gates[kind];
    gate.room = this.openTasks(kind);
    gate.most = 1;
    gate.probeMs =
      gate.probeMs === 0 ? FIRST_PROBE_MS : Math.min(gate.probeMs * PROBE_GROWTH, LONGEST_PROBE_MS);
    gate.probeAtMs = this.nowMs() + gate.probeMs;
    this.serve();
  }

  watch(taskId: string): (hasEnded: boolean) => void {
    const task = this.tasks.get(taskId) ?? { kind: undefined, waits: 0, sinceMs: 0 };
    task.waits += 1;
    this.tasks.set(taskId, task);
    return (hasEnded) => {
      task.waits -= 1;
      task.sinceMs = this.nowMs();
      if (hasEnded) this.tasks.delete(taskId);
      this.serve();
    };
  }

  /** Starts that could go now: for some of them a permit polls already. */
  idle(kind: Operation): number {
    const { held, underWay } = this.gates[kind];
    return this.free(kind) + held - underWay;
  }

  /** Permits that could be given out now. */
  free(kind: Operation): number {
    const gate = this.gates[kind];
    const ofLimit = this.most - this.openTasks() - gate.held - this.underWay(kind);
    const ofRoom = gate.room === undefined ? Infinity : gate.room - this.openTasks(kind) - gate.held;
    return Math.max(0, Math.min(ofLimit, ofRoom, gate.most - gate.held));
  }

  /** Whether the service has refused and no place has become free since. */
  isClosed(kind: Operation): boolean {
    const { room } = this.gates[kind];
    return room !== undefined && this.openTasks(kind) >= room;
  }

  private may(kind: Operation): boolean {
    if (this.free(kind) > 0) return true;
    return this.mayProbe(kind) && this.nowMs() >= this.gates[kind].probeAtMs;
  }

  /** But for the time. Full by the limit, it is told by the end of a task. */
  private mayProbe(kind: Operation): boolean {
    const { room, held } = this.gates[kind];
    return room !== undefined && held === 0 && this.openTasks() + this.underWay(kind) < this.most;
  }

  private serve(): void {
    for (const waiter of this.waiting) {
      if (!this.may(waiter.kind)) continue;
      this.gates[waiter.kind].held += 1;
      this.waiting.delete(waiter);
      waiter.enter();
    }
    this.arm();
  }

  /** What becomes free by time alone: the next probe, and tasks that another worker waits for. */
  private arm(): void {
    clearTimeout(this.timer);
    const kinds = new Set([...this.waiting].map(({ kind }) => kind));
    const probes = [...kinds].filter((kind) => this.mayProbe(kind)).map((kind) => this.gates[kind].probeAtMs);
    const bridged = kinds.size === 0 ? [] : [...this.tasks.values()].filter(({ waits }) => waits === 0);
    const dueMs = Math.min(...probes, ...bridged.map(({ sinceMs }) => sinceMs + BRIDGED_MS));
    const inMs = dueMs - this.nowMs();
    if (inMs === Infinity) return;
    this.timer = setTimeout(() => this.serve(), Math.max(1, Math.ceil(inMs)));
    this.timer.unref();
  }

  /** Starts of the other kinds that are being made, or of all. Idle permits of others must not keep this kind from starting. */
  private underWay(besides?: Operation): number {
    return EVERY_OPERATION.filter((kind) => kind !== besides).reduce(
      (sum, kind) => sum + this.gates[kind].underWay,
      0,
    );
  }

  /** Of a kind, those of unknown kind among them; or of all. */
  private openTasks(of?: Operation): number {
    let open = 0;
    for (const [taskId, { kind, waits, sinceMs }] of this.tasks) {
      if (waits === 0 && this.nowMs() - sinceMs >= BRIDGED_MS) this.tasks.delete(taskId);
      else if (of === undefined || kind === undefined || kind === of) open += 1;
    }
    return open;
  }
}

const newGate = (): Gate => ({
  held: 0,
  underWay: 0,
  most: MOST_UNDER_WAY,
  room: undefined,
  probeAtMs: 0,
  probeMs: 0,
  replaced: 0,
});
