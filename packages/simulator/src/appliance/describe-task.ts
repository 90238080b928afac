import { spelledAccount, type AccountSpelling } from '../world/account-spelling';
import type { Task } from '../world/task';

function message(id: string, text: string, args: string[]) {
  return { id: `com.vmware.snapservice.${id}`, default_message: text, args };
}

function iso(moment: number | undefined): string | undefined {
  return moment === undefined ? undefined : new Date(moment).toISOString();
}

function progress(task: Task) {
  const completed = Math.floor(task.completed);
  const text = `${task.operation} of ${task.target.id}: ${completed} of 100.`;
  return { total: 100, completed, message: message('progress', text, [task.target.id]) };
}

/** The fields that a status brings with it: Tasks.Info is a union tagged by status. */
function statusFields(task: Task): Record<string, unknown> {
  const running = { start_time: iso(task.startTimeMs), progress: progress(task), result: task.result };
  switch (task.status) {
    case 'PENDING':
      return {};
    case 'SUCCEEDED':
      return { ...running, end_time: iso(task.endTimeMs) };
    case 'FAILED':
      return { ...running, end_time: iso(task.endTimeMs), error: task.error };
    default:
      return running;
  }
}

/** Tasks.Info. Members that are undefined are left out by JSON. */
export function describeTask(task: Task, taskUser: AccountSpelling): Record<string, unknown> {
  const text = `${task.operation} of ${task.target.id}`;
  return {
    description: message(`${task.operation}.description`, text, [task.target.id]),
    service: task.service,
    operation: task.operation,
    target: task.target,
    status: task.status,
    cancelable: false,
    user: spelledAccount(task.cause.user, taskUser),
    ...statusFields(task),
  };
}
