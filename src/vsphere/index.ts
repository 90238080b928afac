export { VM_TASK_SERVICE } from './snapservice';
export type { Appliance, CloneSpec, ListedTask, TaskFilter } from './snapservice';
export type { CallOptions, ChangeOptions } from './replies';
export { checkSettings } from './settings';
export { systemClock } from './wire/limits';
export { describeSkew } from './auth/assertions';
export type { Clock } from './wire/limits';
export { openConnection } from './connection';
export type { VsphereConnection, VsphereSeams } from './connection';
export type { Entity, Privileges } from './privileges';
export type { Reached } from './connection';
export type { ProtectedVm } from './snapservice';
export { secretForms } from './redaction';
export type { VsphereSettings } from './settings';
export type { Snapshot, SnapshotType } from './snapshot';
export { TASK_STATUSES } from './tasks';
export type { TaskInfo, TaskStatus } from './tasks';
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
export { VsphereError } from './errors';
export type { VsphereEffect, VsphereErrorKind, VsphereHost } from './errors';
export type { LoginOutcome, ObservedCall, VsphereObserver } from './wire/host-wire';
export { TaskWatcher } from './task-watcher';
export type { TaskWatcherSeams, WatchedEnd, WatchNews } from './task-watcher';
