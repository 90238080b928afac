import { z } from 'zod';
import { omitUndefined } from '../contract/omit-undefined';
import { TASK_STATUSES, UNKNOWN_STATUS, type KnownTaskStatus, type TaskStatus } from '../contract/service';
import { VsphereError } from './errors';
import { dateTime, id, localizableText, optional, text } from './replies';
import { serverRefusal } from './server-refusal';

/** A task of the snapshot service (Tasks.Info), as far as it is used. */
export interface TaskInfo {
  readonly status: TaskStatus;
  /** What the server calls an unknown status. */
  readonly oddStatus?: string;
  readonly service: string;
  /** Its spelling is not documented: never decide by it. */
  readonly operation: string;
  readonly cancelable: boolean;
  /** The source or the created object. The service may name either, or none. */
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

/**
 * Tasks.Info is a tagged union. What no status may have is refused, because it would contradict the status. A start
 * time or progress that is missing is not, because nothing is decided by them.
 */
const NEVER: Readonly<Record<KnownTaskStatus, readonly ('start_time' | 'end_time' | 'result' | 'error')[]>> =
  {
    PENDING: ['start_time', 'end_time', 'result', 'error'],
    RUNNING: ['end_time', 'error'],
    BLOCKED: ['end_time', 'error'],
    SUCCEEDED: ['error'],
    FAILED: [],
  };

const wireTask = z
  .object({
    status: text,
    service: text,
    operation: text,
    cancelable: z.boolean(),
    target: optional(z.object({ type: text, id })),
    user: optional(text),
    vc_task: optional(id),
    parent: optional(id),
    start_time: optional(dateTime),
    end_time: optional(dateTime),
    progress: optional(z.object({ completed: z.int(), total: z.int(), message: localizableText })),
    result: optional(z.unknown()),
    error: optional(z.looseObject({})),
  })
  .superRefine((task, context) => {
    for (const field of isKnown(task.status) ? NEVER[task.status] : []) {
      if (task[field] !== undefined) {
        context.addIssue({ code: 'custom', path: [field], message: `a ${task.status} task never has one` });
      }
    }
  });

const isKnown = (status: string): status is KnownTaskStatus => Object.hasOwn(TASK_STATUSES, status);

const knownStatus = (status: string): TaskInfo['status'] => (isKnown(status) ? status : UNKNOWN_STATUS);

/** Reads Tasks.Info, strictly where something is decided by it. */
export const taskInfo = wireTask.transform((task): TaskInfo => {
  const resultId = id.safeParse(task.result).data;
  return omitUndefined({
    status: knownStatus(task.status),
    oddStatus: isKnown(task.status) ? undefined : task.status,
    service: task.service,
    operation: task.operation,
    cancelable: task.cancelable,
    target: task.target,
    user: task.user,
    vcTaskId: task.vc_task,
    parentTaskId: task.parent,
    startedAt: task.start_time,
    endedAt: task.end_time,
    progress: task.progress,
    resultId,
    oddResult: task.result !== undefined && resultId === undefined,
    ...(task.status === 'FAILED' ? failureOf(task.error ?? task.result) : {}),
  });
});

/** The description lets a failed task tell its reason in `result` when there is no `error`. */
function failureOf(reason: unknown): { failureText: string | undefined; failureType: string | undefined } {
  const { serverText, errorType } = serverRefusal(reason);
  return { failureText: serverText, failureType: errorType };
}

/** With the server's words as they may be shown: they go into heartbeats, histories and terminals. */
export const shownTask = (info: TaskInfo, shown: (text: string) => string): TaskInfo => {
  const { progress, failureText, failureType, oddStatus } = info;
  return {
    ...info,
    ...omitUndefined({
      progress: progress === undefined ? undefined : { ...progress, message: shown(progress.message) },
      oddStatus: oddStatus === undefined ? undefined : shown(oddStatus),
      failureText: failureText === undefined ? undefined : shown(failureText),
      failureType: failureType === undefined ? undefined : shown(failureType),
    }),
  };
};

/** Whether such a task works or has ended cannot be told, so it is asked for again: neither may be assumed. */
export function ofUnknownStatus(taskId: string, { oddStatus = '' }: TaskInfo): VsphereError {
  const remedy = 'look at the task in vSphere, and for a release of Snapflow that knows the status';
  return new VsphereError(
    `task ${taskId} has the status "${oddStatus}", which is not one of the snapshot service: ${remedy}.`,
    { kind: 'malformed', effect: 'none', operation: 'tasks.get', host: 'appliance', remedy },
  );
}
