/*
 * A client of vCenter and the snapshot appliance, without Temporal.
 *
 * connection.ts         opens a connection: both hosts, logins, logout
 * site-identity.ts      which vCenter a connection leads to
 * settings.ts           settings of a connection, checked
 * snapservice.ts        calls of the snapshot appliance
 * snapshot.ts           a snapshot as the appliance reports it
 * tasks.ts              task info, parsed; unknown statuses
 * task-watcher.ts       polls for all waiting tasks of a connection at once
 * vcenter.ts            calls of vCenter's REST API
 * privileges.ts         privilege checks by VI/JSON
 * calls.ts              one call: session, request, reply; a change is never repeated
 * request-paths.ts      paths and filters, arguments checked
 * replies.ts            building blocks of reply schemas; options of a call
 * call-failure.ts       decides what effect a failed call may have had
 * errors.ts             VsphereError: kinds and messages
 * server-refusal.ts     what the body of a refusal says
 * redaction.ts          masks secrets in server texts
 * auth/sessions.ts      the session of a host: shared, asked about, replaced, ended
 * auth/logins.ts        login, logout and state of a session, on vCenter and appliances from 9.0
 * auth/assertions.ts    signed assertions for appliances before 9.0
 * auth/release.ts       which login an appliance has
 * auth/sts.ts           vCenter's token service (WS-Trust)
 * auth/xml.ts           a strict, small XML reader and escaper
 * wire/host-wire.ts     the calls to one host, each observed
 * wire/dispatchers.ts   pool and TLS of one host; resets calls that are given up
 * wire/exchange.ts      one HTTP exchange; knows the moment before the write
 * wire/limits.ts        call rate, call deadline, clocks
 * wire/wire-failure.ts  errors of sockets and TLS, classified
 */
export { VM_TASK_SERVICE } from './snapservice';
export type { Appliance, ListedTask, TaskFilter } from './snapservice';
export type { CallOptions, ChangeOptions, Listed } from './replies';
export { checkSettings, PasswordUnusable } from './settings';
export { describeSkew } from './auth/assertions';
export { oddRelease } from './auth/release';
export type { Clock } from './wire/limits';
export { openConnection } from './connection';
export type { VsphereConnection } from './connection';
export type { Entity } from './privileges';
export type { Reached } from './connection';
export { mask, SecretStore, SHORTEST_SECRET } from './redaction';
export type { Account, VsphereSettings } from './settings';
export type { Snapshot } from './snapshot';
export type { TaskInfo } from './tasks';
export type {
  ClusterSummary,
  FolderFilter,
  HostFilter,
  PowerState,
  ResourcePoolFilter,
  VmSummary,
} from './vcenter';
export { VsphereError } from './errors';
export type { VsphereErrorKind, VsphereHost } from './errors';
export type { ObservedCall, VsphereObserver } from './wire/host-wire';
export { TaskWatcher } from './task-watcher';
export type { WatchedEnd, WatchNews } from './task-watcher';
