import { z } from 'zod';
import type { Appliance, CloneSpec, ListedTask, TaskFilter } from './appliance';
import type { CallOptions, ChangeOptions } from './call-options';
import type { HostCalls } from './host-calls';
import { protectedVmList, type ProtectedVm } from './protected-vm';
import { id, list, text } from './reply-fields';
import { snapshotInfo, snapshotList } from './snapshot';
import { shownTask, taskInfo } from './task-info';

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
const taskList = z
  .object({ items: list(z.object({ task: id, info: taskInfo })) })
  .transform(({ items }): ListedTask[] => items.map(({ task, info }) => ({ taskId: task, info })));

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

function vmCalls(calls: HostCalls): Pick<Appliance, 'listProtectedVms' | 'listSnapshots' | 'getSnapshot'> {
  return {
    async listProtectedVms(clusterId, { vms, namePatterns }, options): Promise<ProtectedVm[]> {
      const call = {
        operation: 'protectedVms.list',
        subject: `cluster ${clusterId}`,
        method: 'GET',
        path: vmsPath(clusterId),
        filters: { vms, name_patterns: namePatterns },
        splitBy: 'vms',
        reply: protectedVmList,
      } as const;
      return (await calls.readEach(call, options)).flat();
    },
    listSnapshots: (clusterId, vmId, options) =>
      calls.read(
        {
          operation: 'snapshots.list',
          subject: `VM ${vmId} in cluster ${clusterId}`,
          method: 'GET',
          path: snapshotsPath(clusterId, vmId),
          reply: snapshotList,
        },
        options,
      ),
    async getSnapshot(clusterId, vmId, snapshotId, options) {
      const call = {
        operation: 'snapshots.get',
        subject: `snapshot ${snapshotId} of VM ${vmId} in cluster ${clusterId}`,
        method: 'GET',
        path: [...snapshotsPath(clusterId, vmId), snapshotId],
        reply: snapshotInfo,
      } as const;
      return { snapshotId, ...(await calls.read(call, options)) };
    },
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

/** JSON.stringify leaves unset properties out, as the server wants; an empty placement is left out too. */
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
    async listTasks(filter: TaskFilter, options?: CallOptions): Promise<ListedTask[]> {
      const { tasks, services, statuses, users } = filter;
      const call = {
        operation: 'tasks.list',
        subject: '',
        method: 'GET',
        path,
        filters: { tasks, services, status: statuses, users },
        needsOneOf: ['tasks', 'services'],
        splitBy: 'tasks',
        reply: taskList,
      } as const;
      const listed = (await calls.readEach(call, options)).flat();
      return listed.map(({ taskId, info }) => ({ taskId, info: shownTask(info, shown) }));
    },
  };
}
