import type { ObservedTask, TaskStatus } from '../contract/evidence';
import { VM_TASK_SERVICE, VsphereError, type Appliance, type CallOptions, type ListedTask } from '../vsphere';

export const OPEN: readonly TaskStatus[] = ['PENDING', 'RUNNING', 'BLOCKED'];
export const ALL: readonly TaskStatus[] = [...OPEN, 'SUCCEEDED', 'FAILED'];

/**
 * Clone, revert and restore tasks of these statuses. A list that is refused for more than 1000 matches is read as the
 * union of the statuses, narrowed to our user; one that is refused even so rejects.
 */
export async function listVmTasks(
  appliance: Appliance,
  statuses: readonly TaskStatus[],
  options: CallOptions,
): Promise<readonly ObservedTask[]> {
  const filter = { services: [VM_TASK_SERVICE] };
  try {
    return (await appliance.listTasks({ ...filter, statuses }, options)).map(observed);
  } catch (error) {
    if (!isTooMany(error)) throw error;
    const { user } = await appliance.whoAmI(options);
    const lists = await Promise.all(
      statuses.map((status) =>
        appliance.listTasks({ ...filter, statuses: [status], users: [user] }, options),
      ),
    );
    return lists.flat().map(observed);
  }
}

const isTooMany = (error: unknown): boolean =>
  error instanceof VsphereError && error.errorType === 'RESOURCE_INACCESSIBLE';

const observed = ({ taskId, info }: ListedTask): ObservedTask => ({
  taskId,
  status: info.status,
  ...(info.target === undefined ? {} : { targetId: info.target.id }),
  ...(info.user === undefined ? {} : { user: info.user }),
  ...(info.resultId === undefined ? {} : { resultId: info.resultId }),
});
