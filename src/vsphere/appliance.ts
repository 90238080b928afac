import type { CallOptions, ChangeOptions } from './call-options';
import type { ProtectedVm } from './protected-vm';
import type { Snapshot } from './snapshot';
import type { TaskInfo, TaskStatus } from './task-info';

/** Tasks of clones, reverts and restores carry this service id: the filter that `listTasks` wants. */
export const VM_TASK_SERVICE = 'com.vmware.snapservice.clusters.virtual_machines';

export interface CloneSpec {
  /** Id of the snapshot to clone. */
  snapshot: string;
  /** Name of the new VM. */
  name: string;
  /** Ids. Without a folder: the datacenter's default one; without a pool and host the cluster needs DRS. */
  placement?: { folder?: string; resource_pool?: string; host?: string };
}

/** Between the filters AND, within one OR. `tasks` or `services` must be given. */
export interface TaskFilter {
  tasks?: readonly string[];
  services?: readonly string[];
  statuses?: readonly TaskStatus[];
  users?: readonly string[];
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
  ): Promise<ProtectedVm[]>;
  listSnapshots(clusterId: string, vmId: string, options?: CallOptions): Promise<Snapshot[]>;
  getSnapshot(clusterId: string, vmId: string, snapshotId: string, options?: CallOptions): Promise<Snapshot>;
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
  listTasks(filter: TaskFilter, options?: CallOptions): Promise<ListedTask[]>;
}
