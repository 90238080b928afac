import type { CloneTarget } from '../contract/activities';
import type { Look, ObservedTask, ObservedVm, TaskStatus } from '../contract/evidence';
import { VM_TASK_SERVICE, VsphereError, type Appliance, type CallOptions, type ListedTask } from '../vsphere';
import { ownRunId } from './in-activity';
import type { Site } from './site';

const OPEN: readonly TaskStatus[] = ['PENDING', 'RUNNING', 'BLOCKED'];
const ALL: readonly TaskStatus[] = [...OPEN, 'SUCCEEDED', 'FAILED'];

/**
 * One complete look (E3): the task list by service, then the inventory by name. Rejects rather than return an incomplete
 * one. `first`: open tasks are enough. `after-unknown`: all five statuses count.
 */
export async function look(
  site: Site,
  target: Pick<CloneTarget, 'name' | 'folderId'>,
  depth: 'first' | 'after-unknown',
  options: CallOptions,
): Promise<Look> {
  const tasks = await listTasks(site.vsphere.appliance, depth === 'first' ? OPEN : ALL, options);
  const vms = await vmsNamed(site, target, options);
  return {
    runId: ownRunId(),
    tasks: tasks.map(observed),
    vms,
    serviceSeen: tasks.length > 0,
  };
}

/** By name and folder, never by listing a cluster. */
export async function vmsNamed(
  { vsphere }: Site,
  { name, folderId }: Pick<CloneTarget, 'name' | 'folderId'>,
  options: CallOptions,
): Promise<readonly ObservedVm[]> {
  const vms = await vsphere.vcenter.listVms({ names: [name], folders: [folderId] }, options);
  return vms.map(({ vmId, powerState }) => ({ vmId, powerState }));
}

/** A list refused for more than 1000 matches is read as the union of the statuses, narrowed to our user. */
async function listTasks(
  appliance: Appliance,
  statuses: readonly TaskStatus[],
  options: CallOptions,
): Promise<readonly ListedTask[]> {
  const filter = { services: [VM_TASK_SERVICE] };
  try {
    return await appliance.listTasks({ ...filter, statuses }, options);
  } catch (error) {
    if (!isTooMany(error)) throw error;
    const { user } = await appliance.whoAmI(options);
    const lists = await Promise.all(
      statuses.map((status) =>
        appliance.listTasks({ ...filter, statuses: [status], users: [user] }, options),
      ),
    );
    return lists.flat();
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
