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
 * list that is refused for more than 1000 matches is narrowed to our user, but for open tasks: the service may spell our
 * user in another way or leave it out, and one that runs must not be missed. What is refused even so is read as the union
 * of the known statuses; one of those that is refused rejects.
 */
export async function listVmTasks(
  appliance: Appliance,
  statuses: readonly TaskStatus[] | undefined,
  options: CallOptions,
): Promise<readonly ObservedTask[]> {
  const list = async (filter: TaskFilter) =>
    (await appliance.listTasks({ services: [VM_TASK_SERVICE], ...filter }, options)).map(observed);
  const union = async (wanted: readonly TaskStatus[], filter: TaskFilter) =>
    (await Promise.all(wanted.map((status) => list({ ...filter, statuses: [status] })))).flat();
  const filter = statuses === undefined ? {} : { statuses };
  const wanted = statuses ?? TASK_STATUSES;
  const open = wanted.filter((status) => OPEN.includes(status));
  return unlessTooMany(
    () => list(filter),
    async () => {
      const users = [(await appliance.whoAmI(options)).user];
      const [ofAll, ours] = await Promise.all([
        unlessTooMany(
          () => list({ statuses: open }),
          () => union(open, {}),
        ),
        unlessTooMany(
          () => list({ ...filter, users }),
          () => union(wanted, { users }),
        ),
      ]);
      return [...ofAll, ...ours.filter(({ taskId }) => !ofAll.some((task) => task.taskId === taskId))];
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
