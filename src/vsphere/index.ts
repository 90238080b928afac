export { VM_TASK_SERVICE } from './appliance';
export type { Appliance, CloneSpec, ListedTask, TaskFilter } from './appliance';
export type { CallOptions, ChangeOptions } from './call-options';
export { checkSettings } from './check-settings';
export { systemClock } from './clock';
export { describeSkew } from './clock-skew';
export type { Clock } from './clock';
export { openConnection } from './open-connection';
export type { VsphereConnection, VsphereSeams } from './open-connection';
export type { Entity, Privileges } from './privileges';
export type { Reached } from './reach-hosts';
export type { ProtectedVm } from './protected-vm';
export { secretForms } from './secret-forms';
export type { VsphereSettings } from './settings';
export type { Snapshot, SnapshotType } from './snapshot';
export { TASK_STATUSES } from './task-info';
export type { TaskInfo, TaskStatus } from './task-info';
export type {
  ClusterFilter,
  ClusterSummary,
  DatacenterFilter,
  FolderFilter,
  HostFilter,
  PowerState,
  ResourcePoolFilter,
  Vcenter,
  VmFilter,
  VmSummary,
} from './vcenter';
export { VsphereError } from './vsphere-error';
export type { VsphereEffect, VsphereErrorKind, VsphereHost } from './vsphere-error';
export type { LoginOutcome, ObservedCall, VsphereObserver } from './vsphere-observer';
export { TaskWatcher } from './task-watcher';
export type { TaskWatcherSeams, WatchedEnd, WatchNews } from './task-watcher';
