import type { TaskOwnerJob, WorkflowCommand } from './jobs';
import type { WorkflowHost } from './workflow-host';

type RunStatus = 'RUNNING' | 'COMPLETED' | 'FAILED' | 'CANCELED' | 'TERMINATED';

/** What a history holds of an activity; `in` is the workflow task that saw it. */
type HistoryEntry =
  | {
      readonly kind: 'scheduled';
      readonly in: number;
      readonly seq: number;
      readonly atMs: number;
      readonly type: string;
      readonly input: unknown;
    }
  | { readonly kind: 'completed'; readonly in: number; readonly seq: number; readonly result: unknown }
  | { readonly kind: 'reset'; readonly in: number; readonly baseRunId: string };

/** One workflow task: what it was told, when, and what the code asked for then. */
interface WorkflowTask {
  readonly atMs: number;
  readonly jobs: readonly TaskOwnerJob[];
  readonly commands: readonly WorkflowCommand[];
  /** Events of the history when it began. */
  readonly historyLength: number;
}

export interface PendingActivity {
  readonly seq: number;
  readonly type: string;
  readonly input: unknown;
  readonly scheduledMs: number;
  readonly startToCloseMs: number;
  readonly heartbeatMs: number | undefined;
  readonly waitsForEnd: boolean;
  readonly scheduleToStartMs: number | undefined;
  readonly retry: RetryPolicy;
  attempt: number;
  attemptScheduledMs: number;
  /** The attempt that the server takes an answer from. */
  running: { readonly startedMs: number; heartbeatAtMs: number; readonly cancel: () => void } | undefined;
  isCancelRequested: boolean;
  lastFailure: unknown;
}

export interface RetryPolicy {
  readonly initialMs: number;
  readonly coefficient: number;
  readonly maximumMs: number;
  readonly maximumAttempts: number;
}

/** One run of a workflow, as the server keeps it. */
export interface Execution {
  readonly workflowId: string;
  readonly runId: string;
  /** The same for a run and those that resets made of it. */
  readonly originalRunId: string;
  readonly type: string;
  readonly input: unknown;
  readonly startMs: number;
  readonly parent: { readonly workflowId: string; readonly runId: string } | undefined;
  readonly isMadeByReset: boolean;
  memo: Record<string, unknown>;
  status: RunStatus;
  closeMs: number | undefined;
  /** The run that a reset made of this one. */
  resetRunId: string | undefined;
  result: unknown;
  failure: Failed | undefined;
  readonly history: HistoryEntry[];
  readonly tasks: WorkflowTask[];
  readonly activities: Map<number, PendingActivity>;
  readonly timers: Map<number, () => void>;
  /** Jobs for the next workflow task. */
  inbox: TaskOwnerJob[];
  isTaskPlanned: boolean;
  isCancelRequested: boolean;
  /** The code, while it is cached. */
  host: WorkflowHost | undefined;
}

export interface Failed {
  readonly type: string;
  readonly message: string;
  readonly details: unknown;
}
