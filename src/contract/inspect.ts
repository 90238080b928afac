import type { Check } from './check';
import type { LinkedCloneRequest, RevertRequest } from './request';
import type { Warning } from './result';

/** The one argument of the read-only workflow `inspect`. It changes nothing and consumes no request id. */
export interface InspectInput {
  readonly query: SnapshotsQuery | PlanQuery | DoctorQuery;
}

/** The snapshots of a virtual machine that it can be cloned from or reverted to. */
export interface SnapshotsQuery {
  readonly kind: 'snapshots';
  readonly connection?: string;
  readonly cluster?: string;
  readonly vm: string;
}

/** What an operation would do: every check of `prepare`, and no more. */
export type PlanQuery = { readonly kind: 'plan' } & (
  | { readonly operation: 'clone'; readonly request: LinkedCloneRequest }
  | { readonly operation: 'revert'; readonly request: RevertRequest }
);

/** How every connection of the worker stands. */
export interface DoctorQuery {
  readonly kind: 'doctor';
}

export type InspectResult = SnapshotsResult | PlanResult | RevertPlanResult | DoctorResult;

/** A connection that is down is a failed check, not a failure of the question. */
export interface DoctorResult {
  readonly kind: 'doctor';
  /** By connection, in the order of the worker's configuration. */
  readonly checks: readonly Check[];
}

export interface SnapshotsResult {
  readonly kind: 'snapshots';
  readonly vmId: string;
  readonly vmName: string;
  readonly clusterId: string;
  /** Newest first. */
  readonly snapshots: readonly SnapshotSummary[];
}

export interface SnapshotSummary {
  readonly snapshotId: string;
  readonly name: string;
  /** As the service spells it: SCHEDULED, ONE_TIME, SYSTEM_CREATED or (9.1) STAGED. */
  readonly type: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** ISO 8601; absent when it does not expire. */
  readonly expiresAt?: string;
}

export interface PlanResult {
  readonly kind: 'plan';
  readonly vmId: string;
  readonly vmName: string;
  readonly clusterId: string;
  readonly snapshotId: string;
  readonly snapshotName: string;
  readonly name: string;
  readonly folderId: string;
  readonly warnings: readonly Warning[];
}

/** What a revert would do. */
export interface RevertPlanResult {
  readonly kind: 'plan';
  readonly vmId: string;
  readonly vmName: string;
  readonly clusterId: string;
  readonly snapshotId: string;
  readonly snapshotName: string;
  /** ISO 8601: what was written to the machine since then is lost. */
  readonly snapshotCreatedAt: string;
  readonly warnings: readonly Warning[];
}
