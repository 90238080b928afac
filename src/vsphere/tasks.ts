import { z } from 'zod';
import { omitUndefined } from '../contract/omit-undefined';
import { TASK_STATUSES, UNKNOWN_STATUS, type KnownTaskStatus, type TaskStatus } from '../contract/service';
import { VsphereError } from './errors';
import { anything, dateTime, id, ifReadable, localizableText, text } from './replies';
import { serverRefusal } from './server-refusal';

/** A task of the snapshot service (Tasks.Info), as far as it is used and reads. */
export interface TaskInfo {
  readonly status: TaskStatus;
  /** What the server says instead of a known status. */
  readonly oddStatus?: string;
  /** True where a task of unknown status has ended all the same: nothing can come of it any more. */
  readonly hasEnded?: true;
  readonly service?: string;
  /** Its spelling is not documented: it narrows lists only as a task of our own start spells it. */
  readonly operation?: string;
  /** The source or the created object. The service may name either, or none. */
  readonly target?: { readonly id: string };
  /** True when there is a target that does not read: it may be any object. */
  readonly oddTarget?: true;
  readonly user?: string;
  /** By the appliance's clock. */
  readonly startedAt?: string;
  readonly progress?: { readonly completed: number; readonly total: number; readonly message: string };
  /** The result when it is a text: of a clone or restore the id of the new VM. */
  readonly resultId?: string;
  /** True when there is a result that is no id: it cannot be a clone's. */
  readonly oddResult?: true;
  /** Why a FAILED task failed, in the server's words, and its `error_type`. */
  readonly failureText?: string;
  readonly failureType?: string;
}

const wireTask = z.object({
  status: ifReadable(text),
  service: ifReadable(text),
  operation: ifReadable(text),
  target: anything,
  user: ifReadable(text),
  start_time: ifReadable(dateTime),
  end_time: ifReadable(dateTime),
  progress: ifReadable(z.object({ completed: z.number(), total: z.number(), message: localizableText })),
  result: anything,
  error: anything,
});

type WireTask = z.infer<typeof wireTask>;

const target = z.object({ id });

const isThere = (value: unknown): boolean => value !== undefined && value !== null;

const isKnown = (status: string): status is KnownTaskStatus => Object.hasOwn(TASK_STATUSES, status);

/** A status that is missing, not documented or denied by another field decides nothing. */
function readStatus({
  status = '',
  error,
  end_time,
}: WireTask): Pick<TaskInfo, 'status' | 'oddStatus' | 'hasEnded'> {
  const isDenied = status === 'SUCCEEDED' && isThere(error);
  if (isKnown(status) && !isDenied) return { status };
  const odd = { status: UNKNOWN_STATUS, oddStatus: isDenied ? `${status} with an error` : status } as const;
  return isDenied || end_time !== undefined ? { ...odd, hasEnded: true } : odd;
}

/** Reads Tasks.Info. Each field that does not read is as good as missing: none of them hides the task. */
export const taskInfo = wireTask.transform((task): TaskInfo => {
  const resultId = id.safeParse(task.result).data;
  const on = target.safeParse(task.target).data;
  const known = readStatus(task);
  return omitUndefined({
    ...known,
    service: task.service,
    operation: task.operation,
    target: on,
    oddTarget: isThere(task.target) && on === undefined ? (true as const) : undefined,
    user: task.user,
    startedAt: task.start_time,
    progress: task.progress,
    resultId,
    oddResult: isThere(task.result) && resultId === undefined ? (true as const) : undefined,
    ...(known.status === 'FAILED' ? failureOf(task.error ?? task.result) : {}),
  });
});

/** Info of a listed task that is no object. */
export const UNREADABLE_TASK: TaskInfo = { status: UNKNOWN_STATUS };

/** The description lets a failed task tell its reason in `result` when there is no `error`. */
function failureOf(reason: unknown): { failureText: string | undefined; failureType: string | undefined } {
  const { serverText, errorType } = serverRefusal(reason);
  return { failureText: serverText, failureType: errorType };
}

/** With the server's words as they may be shown: they go into heartbeats, histories and terminals. */
export function shownTask(info: TaskInfo, shown: (text: string) => string): TaskInfo {
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
}

/** Whether such a task works or has ended cannot be told, so it is asked for again: neither may be assumed. */
export function ofUnknownStatus(taskId: string, { oddStatus = '' }: TaskInfo): VsphereError {
  const remedy = 'look at the task in vSphere, and for a release of Snapflow that knows the status';
  return new VsphereError(
    `task ${taskId} has the status "${oddStatus}", which is not one of the snapshot service: ${remedy}.`,
    { kind: 'malformed', effect: 'none', operation: 'tasks.get', host: 'appliance', remedy },
  );
}
