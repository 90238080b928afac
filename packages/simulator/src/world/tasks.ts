import { VapiError, vapiErrorBody, type VapiErrorBody } from '../http/errors';
import type { Clock, Scheduler } from './clock';
import type { Cause } from './ledger';
import type { Settings } from './settings';

/** A task is PENDING for a tenth of its duration, but never longer than this. */
const MAX_PENDING_MS = 500;
/** Progress of a task that has not ended. */
const MAX_OPEN_PROGRESS = 99;

/**
 * The tasks and their course: PENDING, RUNNING, then SUCCEEDED or FAILED.
 * Invariant: nothing changes a task after a terminal status, except `override`.
 */
export class Tasks {
  private readonly byId = new Map<string, Task>();
  private readonly nextStep = new Map<string, () => void>();

  constructor(
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    private readonly settings: Settings,
  ) {}

  accept(task: Task): Task {
    this.byId.set(task.id, task);
    this.plan(task, this.pendingMs(task), () => this.begin(task));
    return task;
  }

  /** Keeps a task that has ended already. */
  record(task: Task): void {
    this.byId.set(task.id, task);
  }

  /** The task as it is now, or undefined when it is unknown or was forgotten. */
  get(id: string): Task | undefined {
    const task = this.byId.get(id);
    if (!task) return undefined;
    const oldestMs = this.clock.now() - this.settings.taskRetentionMs;
    if (task.endedMs !== undefined && task.endedMs < oldestMs) {
      this.byId.delete(id);
      return undefined;
    }
    this.measureProgress(task);
    return task;
  }

  /** Every task that is remembered, hidden and lagging ones included. */
  all(): Task[] {
    return [...this.byId.keys()].flatMap((id) => this.get(id) ?? []);
  }

  /** What a task list may show now. */
  listed(): Task[] {
    const newestMs = this.clock.now() - this.settings.taskVisibilityDelayMs;
    return this.all().filter((task) => !task.hidden && task.acceptedMs <= newestMs);
  }

  countOpen(kind: TaskKind): number {
    return this.all().filter((task) => task.kind === kind && !isTerminal(task.status)).length;
  }

  /** The record is gone; the effect still happens. */
  forget(id: string): void {
    this.byId.delete(id);
  }

  /** Sets what the service says. RUNNING and PENDING let an open task go on; anything else stops its course. */
  override(task: Task, { status, error, result, effect }: TaskOverride): void {
    this.nextStep.get(task.id)?.();
    this.measureProgress(task);
    if (effect ?? status === 'SUCCEEDED') this.attempt(task, () => this.finishNow(task));
    this.enter(task, status);
    task.error = error ?? (error === undefined && status === 'FAILED' ? forcedFailure() : undefined);
    if (result !== undefined) task.result = result ?? undefined;
    if (!task.finished && status === 'PENDING') this.plan(task, this.pendingMs(task), () => this.begin(task));
    if (!task.finished && status === 'RUNNING') this.begin(task);
  }

  private begin(task: Task): void {
    this.enter(task, 'RUNNING');
    this.attempt(task, () => {
      if (!task.begun) task.work.begin?.();
      task.begun = true;
      const restMs = task.work.durationMs - this.pendingMs(task);
      this.plan(task, restMs * (1 - task.completed / 100), () => this.finish(task));
    });
  }

  private finish(task: Task): void {
    this.attempt(task, () => {
      task.result = task.work.finish();
      task.finished = true;
      this.enter(task, 'SUCCEEDED');
    });
  }

  private finishNow(task: Task): void {
    if (task.finished) return;
    if (!task.begun) task.work.begin?.();
    task.begun = true;
    task.result = task.work.finish();
    task.finished = true;
  }

  private attempt(task: Task, step: () => void): void {
    try {
      step();
    } catch (error) {
      if (!(error instanceof VapiError)) throw error;
      task.finished = true;
      task.error = error.body;
      this.enter(task, 'FAILED');
    }
  }

  private enter(task: Task, status: string): void {
    const applianceMs = this.clock.now() + this.settings.clockSkewMs;
    task.status = status;
    if (status !== 'PENDING') task.startTimeMs ??= applianceMs;
    task.endTimeMs = isTerminal(status) ? (task.endTimeMs ?? applianceMs) : undefined;
    task.endedMs = isTerminal(status) ? (task.endedMs ?? this.clock.now()) : undefined;
    if (status === 'SUCCEEDED') task.completed = 100;
    if (status === 'RUNNING') task.measuredMs = this.clock.now();
  }

  private measureProgress(task: Task): void {
    if (task.status !== 'RUNNING' || task.finished) return;
    const restMs = Math.max(1, task.work.durationMs - this.pendingMs(task));
    const nowMs = this.clock.now();
    const gained = (100 * Math.max(0, nowMs - (task.measuredMs ?? nowMs))) / restMs;
    task.completed = Math.max(task.completed, Math.min(MAX_OPEN_PROGRESS, task.completed + gained));
    task.measuredMs = nowMs;
  }

  private plan(task: Task, delayMs: number, step: () => void): void {
    const cancel = this.scheduler.after(delayMs, () => {
      this.nextStep.delete(task.id);
      step();
    });
    this.nextStep.set(task.id, cancel);
  }

  private pendingMs(task: Task): number {
    return Math.min(task.work.durationMs / 10, MAX_PENDING_MS);
  }
}

function forcedFailure() {
  return vapiErrorBody('ERROR', 'The task was made to fail through the control API.');
}

export type TaskKind = 'clone' | 'revert' | 'restore' | 'snapshot';

/** What a task does to the world. Either step may throw a `VapiError`, which ends the task as FAILED. */
interface Work {
  readonly durationMs: number;
  /** Runs when the task starts running. */
  begin?(): void;
  /** Runs when the task ends; what it returns is the task's result. */
  finish(): string | undefined;
}

export interface Task {
  readonly id: string;
  readonly kind: TaskKind;
  readonly service: string;
  readonly operation: string;
  readonly target: { readonly type: string; readonly id: string };
  readonly cause: Cause;
  readonly work: Work;
  readonly acceptedMs: number;
  /** Any text: the control API may set what no real service would say. */
  status: string;
  /** Times are of the appliance's own clock. */
  startTimeMs?: number | undefined;
  endTimeMs?: number | undefined;
  /** When it ended by the simulator's clock; its record is kept for `taskRetentionMs` from here. */
  endedMs?: number | undefined;
  result?: unknown;
  error?: unknown;
  /** Of 100, with fractions; never falls. */
  completed: number;
  /** When `completed` was last brought up to date. */
  measuredMs?: number | undefined;
  /** Left out of lists. */
  hidden: boolean;
  begun: boolean;
  finished: boolean;
}

export function isTerminal(status: string): boolean {
  return status === 'SUCCEEDED' || status === 'FAILED';
}

/** What `POST /tasks/{task}` may say about a task. */
export interface TaskOverride {
  readonly status: string;
  readonly error?: VapiErrorBody | Record<string, unknown> | null | undefined;
  readonly result?: unknown;
  /** Whether the task's effect happens now if it has not yet; by default only for SUCCEEDED. */
  readonly effect?: boolean | undefined;
}
