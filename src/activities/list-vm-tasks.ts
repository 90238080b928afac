import type { ObservedTask } from '../contract/evidence';
import {
  TASK_STATUSES,
  VM_TASK_SERVICE,
  VsphereError,
  type Appliance,
  type CallOptions,
  type ListedTask,
  type TaskFilter,
  type TaskStatus,
} from '../vsphere';

export const OPEN: readonly TaskStatus[] = ['PENDING', 'RUNNING', 'BLOCKED'];

/**
 * Clone, revert and restore tasks of these statuses; by default of any, those of a status that nobody knows among them. A
 * list that is refused for more than 1000 matches is narrowed to our user, then read as the union of the known statuses;
 * one that is refused even so rejects.
 */
export async function listVmTasks(
  appliance: Appliance,
  statuses: readonly TaskStatus[] | undefined,
  options: CallOptions,
): Promise<readonly ObservedTask[]> {
  const list = async (filter: TaskFilter) =>
    (await appliance.listTasks({ services: [VM_TASK_SERVICE], ...filter }, options)).map(observed);
  const filter = statuses === undefined ? {} : { statuses };
  return unlessTooMany(
    () => list(filter),
    async () => {
      const users = [(await appliance.whoAmI(options)).user];
      return unlessTooMany(
        () => list({ ...filter, users }),
        async () => {
          const each = (statuses ?? TASK_STATUSES).map((status) => list({ statuses: [status], users }));
          return (await Promise.all(each)).flat();
        },
      );
    },
  );
}

async function unlessTooMany<T>(read: () => Promise<T>, narrower: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof VsphereError) || error.errorType !== 'RESOURCE_INACCESSIBLE') throw error;
    return narrower();
  }
}

const observed = ({ taskId, info }: ListedTask): ObservedTask => ({
  taskId,
  status: info.status,
  ...(info.target === undefined ? {} : { targetId: info.target.id }),
  ...(info.user === undefined ? {} : { user: info.user }),
  ...(info.resultId === undefined ? {} : { resultId: info.resultId }),
});
