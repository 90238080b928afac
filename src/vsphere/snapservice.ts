import { z } from 'zod';
import { omitUndefined } from '../contract/omit-undefined';
import type { KnownTaskStatus } from '../contract/service';
import type { HostCalls } from './calls';
import { id, ifReadable, items, text, type CallOptions, type ChangeOptions, type Listed } from './replies';
import { snapshotList, type Snapshot } from './snapshot';
import { shownTask, taskInfo, UNREADABLE_TASK, type TaskInfo } from './tasks';

/** Tasks of clones, reverts and restores carry this service id: the filter that `listTasks` wants. */
export const VM_TASK_SERVICE = 'com.vmware.snapservice.clusters.virtual_machines';

interface CloneSpec {
  /** Id of the snapshot to clone. */
  snapshot: string;
  /** Name of the new VM. */
  name: string;
  /** Ids. Without a folder: the datacenter's default one. Without a pool and host the cluster needs DRS. */
  placement?: { folder?: string; resource_pool?: string; host?: string };
}

/** Between the filters AND, within one OR. `tasks` or `services` must be given. */
export interface TaskFilter {
  tasks?: readonly string[];
  services?: readonly string[];
  statuses?: readonly KnownTaskStatus[];
  users?: readonly string[];
  /** As tasks spell them. */
  operations?: readonly string[];
}

export interface ListedTask {
  readonly taskId: string;
  readonly info: TaskInfo;
}

/** The snapshot appliance, `/api/snapservice`. Every call rejects with a `VsphereError`. An empty filter list is refused. */
export interface Appliance {
  about(options?: CallOptions): Promise<{ version: string }>;
  /** The account behind the session, as tasks name it. */
  whoAmI(options?: CallOptions): Promise<{ user: string }>;
  listProtectedVms(
    clusterId: string,
    filter: { vms?: readonly string[]; namePatterns?: readonly string[] },
    options?: CallOptions,
  ): Promise<Listed<ProtectedVm>>;
  listSnapshots(clusterId: string, vmId: string, options?: CallOptions): Promise<Listed<Snapshot>>;
  /** Starts a clone and returns its task id. Never repeated by this client, not even after a 401. */
  startLinkedClone(
    clusterId: string,
    vmId: string,
    spec: CloneSpec,
    options?: ChangeOptions,
  ): Promise<string>;
  /** Starts a revert and returns its task id. Never repeated by this client, not even after a 401. */
  startRevert(
    clusterId: string,
    vmId: string,
    spec: { snapshot: string },
    options?: ChangeOptions,
  ): Promise<string>;
  getTask(taskId: string, options?: CallOptions): Promise<TaskInfo>;
  /**
   * Tasks that match. Ids that do not fit one request line are asked for in several calls, each with its own deadline.
   * More than 1000 matches are a `server-error` with the type RESOURCE_INACCESSIBLE.
   */
  listTasks(filter: TaskFilter, options?: CallOptions): Promise<Listed<ListedTask>>;
}

/** A VM as the snapshot appliance knows it, as far as it is used and reads. Deleted ones with snapshots are listed, too. */
interface ProtectedVm {
  readonly vmId: string;
  readonly inCluster?: boolean;
}

const protectedVm = z
  .object({ vm: id, info: ifReadable(z.object({ in_cluster: z.boolean() })) })
  .transform(({ vm, info }): ProtectedVm => omitUndefined({ vmId: vm, inCluster: info?.in_cluster }));

const protectedVmList = z.object({ items: items(protectedVm) }).transform((list) => list.items);

const BASE = ['api', 'snapservice'] as const;
const vmsPath = (clusterId: string): readonly string[] => [
  ...BASE,
  'clusters',
  clusterId,
  'virtual-machines',
];
const snapshotsPath = (clusterId: string, vmId: string): readonly string[] => [
  ...vmsPath(clusterId),
  vmId,
  'snapshots',
];

const about = z.object({ version: text });
const session = z.object({ user: text });
const listedTask = z
  .object({ task: id, info: taskInfo.catch(UNREADABLE_TASK) })
  .transform(({ task, info }): ListedTask => ({ taskId: task, info }));
const taskList = z.object({ items: items(listedTask) }).transform((list) => list.items);

export function createAppliance(calls: HostCalls): Appliance {
  return { ...serviceCalls(calls), ...vmCalls(calls), ...startCalls(calls), ...taskCalls(calls) };
}

function serviceCalls(calls: HostCalls): Pick<Appliance, 'about' | 'whoAmI'> {
  const get = { subject: '', method: 'GET' } as const;
  return {
    about: (options) =>
      calls.read({ ...get, operation: 'about', path: [...BASE, 'info', 'about'], reply: about }, options),
    async whoAmI(options) {
      const call = {
        ...get,
        operation: 'appliance.session',
        path: [...BASE, 'sessions'],
        reply: session,
      } as const;
      const user = await calls.account(call, options);
      return user === undefined ? calls.read(call, options) : { user };
    },
  };
}

function vmCalls(calls: HostCalls): Pick<Appliance, 'listProtectedVms' | 'listSnapshots'> {
  return {
    listProtectedVms: (clusterId, { vms, namePatterns }, options) =>
      calls.readList(
        {
          operation: 'protectedVms.list',
          subject: `cluster ${clusterId}`,
          method: 'GET',
          path: vmsPath(clusterId),
          filters: { vms, name_patterns: namePatterns },
          splitBy: 'vms',
          reply: protectedVmList,
        },
        options,
      ),
    listSnapshots: (clusterId, vmId, options) =>
      calls.readList(
        {
          operation: 'snapshots.list',
          subject: `VM ${vmId} in cluster ${clusterId}`,
          method: 'GET',
          path: snapshotsPath(clusterId, vmId),
          reply: snapshotList,
        },
        options,
      ),
  };
}

function startCalls(calls: HostCalls): Pick<Appliance, 'startLinkedClone' | 'startRevert'> {
  const start = (
    operation: 'linkedClone' | 'revert',
    action: string,
    clusterId: string,
    vmId: string,
    parts: { body: unknown; bodyIds: readonly (string | undefined)[]; bodyNames?: readonly string[] },
    options: ChangeOptions | undefined,
  ): Promise<string> =>
    calls.change(
      {
        operation,
        subject: `VM ${vmId} in cluster ${clusterId}`,
        method: 'POST',
        path: [...vmsPath(clusterId), vmId],
        filters: { action: [action], 'vmw-task': ['true'] },
        reply: id,
        ...parts,
      },
      options,
    );
  return {
    startLinkedClone: (clusterId, vmId, spec, options) =>
      start('linkedClone', 'linked-clone', clusterId, vmId, cloneParts(spec), options),
    startRevert: (clusterId, vmId, { snapshot }, options) =>
      start('revert', 'revert', clusterId, vmId, { body: { snapshot }, bodyIds: [snapshot] }, options),
  };
}

/** JSON.stringify leaves unset properties out, as the server wants. An empty placement is left out too. */
function cloneParts({ snapshot, name, placement = {} }: CloneSpec): {
  body: unknown;
  bodyIds: readonly (string | undefined)[];
  bodyNames: readonly string[];
} {
  const { folder, resource_pool, host } = placement;
  const placementIds = [folder, resource_pool, host];
  const placed = placementIds.some((id) => id !== undefined);
  return {
    body: { snapshot, name, ...(placed ? { placement: { folder, resource_pool, host } } : {}) },
    bodyIds: [snapshot, ...placementIds],
    bodyNames: [name],
  };
}

function taskCalls(calls: HostCalls): Pick<Appliance, 'getTask' | 'listTasks'> {
  const path = [...BASE, 'tasks'];
  const shown = (text: string): string => calls.shown(text);
  return {
    async getTask(taskId, options) {
      const call = {
        operation: 'tasks.get',
        subject: `task ${taskId}`,
        method: 'GET',
        path: [...path, taskId],
        reply: taskInfo,
      } as const;
      return shownTask(await calls.read(call, options), shown);
    },
    async listTasks(filter, options) {
      const { tasks, services, statuses, users, operations } = filter;
      const call = {
        operation: 'tasks.list',
        subject: '',
        method: 'GET',
        path,
        filters: { tasks, services, status: statuses, users, operations },
        needsOneOf: ['tasks', 'services'],
        splitBy: 'tasks',
        reply: taskList,
      } as const;
      const { items: found, ...rest } = await calls.readList(call, options);
      return { ...rest, items: found.map(({ taskId, info }) => ({ taskId, info: shownTask(info, shown) })) };
    },
  };
}
