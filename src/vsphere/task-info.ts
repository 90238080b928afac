export const TASK_STATUSES = ['PENDING', 'RUNNING', 'BLOCKED', 'SUCCEEDED', 'FAILED'] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

/** A task of the snapshot service (Tasks.Info), as far as it is used. */
export interface TaskInfo {
  readonly status: TaskStatus;
  readonly service: string;
  /** Its spelling is not documented: never decide by it. */
  readonly operation: string;
  readonly cancelable: boolean;
  /** The source or the created object; the service may name either, or none. */
  readonly target?: { readonly type: string; readonly id: string };
  readonly user?: string;
  /** The task of vCenter behind this one. */
  readonly vcTaskId?: string;
  readonly parentTaskId?: string;
  /** Date-times as the server wrote them (RFC 3339 with offset), on the appliance's clock. */
  readonly startedAt?: string;
  readonly endedAt?: string;
  readonly progress?: { readonly completed: number; readonly total: number; readonly message: string };
  /** The result when it is a text: of a clone or restore the id of the new VM. Never present on PENDING. */
  readonly resultId?: string;
  /** True when there is a result that is no id: it cannot be a clone's. */
  readonly oddResult: boolean;
  /** Why a FAILED task failed, in the server's words, and its `error_type`. */
  readonly failureText?: string;
  readonly failureType?: string;
}
