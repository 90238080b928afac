import type { TaskInfo } from './task-info';
import { VsphereError } from './vsphere-error';

/** Whether such a task works or has ended cannot be told, so it is asked for again: neither may be assumed. */
export function ofUnknownStatus(taskId: string, { oddStatus = '' }: TaskInfo): VsphereError {
  const remedy = 'look at the task in vSphere, and for a release of Snapflow that knows the status';
  return new VsphereError(
    `task ${taskId} has the status "${oddStatus}", which is not one of the snapshot service: ${remedy}.`,
    { kind: 'malformed', effect: 'none', operation: 'tasks.get', host: 'appliance', remedy },
  );
}
