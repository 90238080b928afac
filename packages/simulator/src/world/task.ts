import type { VapiErrorBody } from '../http/vapi-error';
import type { Cause } from './ledger';

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
