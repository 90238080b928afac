import type { Operation, RequestOf, Warning } from './operations';

/** The one argument of the read-only workflow `inspect`. It changes nothing and consumes no request id. */
export interface InspectInput {
  /** What is asked. */
  readonly query: SnapshotsQuery | PlanQuery | DoctorQuery;
}

/** The snapshots of a virtual machine that it can be cloned from or reverted to. */
export interface SnapshotsQuery {
  readonly kind: 'snapshots';
  /** Name of a connection that the worker is configured with. Default: `default`. */
  readonly connection?: string;
  /** Cluster of the virtual machine, name or id. Default: the one cluster that holds it. */
  readonly cluster?: string;
  /** The virtual machine, name or id. */
  readonly vm: string;
}

/** What an operation would do: every check of `prepare`, and no more. */
export type PlanQuery = {
  [O in Operation]: { readonly kind: 'plan'; readonly operation: O; readonly request: RequestOf<O> };
}[Operation];

/** What an operation, or any, would do. */
export type PlanOf<O extends Operation = Operation> = Plans[O];

/** What the plan of each operation says. */
interface Plans {
  /** Answer to the plan of a clone. */
  readonly clone: PlanResult;
  /** Answer to the plan of a revert. */
  readonly revert: RevertPlanResult;
}

/** How every connection of the worker stands. */
interface DoctorQuery {
  readonly kind: 'doctor';
}

/** The answer to a query, told apart by `kind` and, of plans, by its fields. */
export type InspectResult = SnapshotsResult | PlanOf | DoctorResult;

/** A connection that is down is a failed check, not a failure of the question. */
export interface DoctorResult {
  readonly kind: 'doctor';
  /** By connection, in the order of the worker's configuration. */
  readonly checks: readonly Check[];
}

/** The snapshots that the service has of a virtual machine. */
export interface SnapshotsResult {
  readonly kind: 'snapshots';
  /** Id of the virtual machine. */
  readonly vmId: string;
  /** Its name. */
  readonly vmName: string;
  /** Id of the cluster that holds it. */
  readonly clusterId: string;
  /** Newest first. */
  readonly snapshots: readonly SnapshotSummary[];
}

/** One snapshot, as `GET /snapservice/clusters/{cluster}/virtual-machines/{vm}/snapshots` lists it. */
export interface SnapshotSummary {
  /** Id of the snapshot. */
  readonly snapshotId: string;
  /** Its name. Not unique. */
  readonly name: string;
  /** As the service spells it: SCHEDULED, ONE_TIME, SYSTEM_CREATED, (9.1) STAGED or a later one. UNKNOWN when it gives none. */
  readonly type: string;
  /** ISO 8601. Absent when the service gives no date that can be read. */
  readonly createdAt?: string;
  /** ISO 8601. Absent when it does not expire, or when the date cannot be read: then `unusable` says so. */
  readonly expiresAt?: string;
  /** Set on the one that `latest` means: the newest SCHEDULED or ONE_TIME one. */
  readonly latest?: true;
  /** Why it can be neither cloned from nor reverted to, one clause. Absent when it can. */
  readonly unusable?: string;
}

/** What a clone would do. */
export interface PlanResult {
  readonly kind: 'plan';
  /** Id of the virtual machine. */
  readonly vmId: string;
  /** Its name. */
  readonly vmName: string;
  /** Id of the cluster that holds it. */
  readonly clusterId: string;
  /** Its name. */
  readonly clusterName: string;
  /** Id of the snapshot that would be used. */
  readonly snapshotId: string;
  /** Its name. */
  readonly snapshotName: string;
  /** ISO 8601. */
  readonly snapshotCreatedAt: string;
  /** Name that the clone would have. With `uniqueName` question marks stand for the characters that are not made yet. */
  readonly name: string;
  /** Folder that the clone would be in, the default one included. */
  readonly folderId: string;
  /** Its name. */
  readonly folderName: string;
  /** What deviates and would not stop it. */
  readonly warnings: readonly Warning[];
}

/** What a revert would do. */
export interface RevertPlanResult {
  readonly kind: 'plan';
  /** Id of the virtual machine. */
  readonly vmId: string;
  /** Its name. */
  readonly vmName: string;
  /** Id of the cluster that holds it. */
  readonly clusterId: string;
  /** Its name. */
  readonly clusterName: string;
  /** Id of the snapshot that would be used. */
  readonly snapshotId: string;
  /** Its name. */
  readonly snapshotName: string;
  /** ISO 8601: what was written to the machine since then is lost. */
  readonly snapshotCreatedAt: string;
  /** What deviates and would not stop it. */
  readonly warnings: readonly Warning[];
}

/** What a `doctor` looks at. */
export type CheckName =
  | 'temporal'
  | 'namespace'
  | 'retention'
  | 'search-attributes'
  | 'workers'
  | 'locks'
  | 'operations'
  | 'connections'
  | 'reachability'
  | 'clock'
  | 'account'
  | 'login'
  | 'tasks'
  | 'privileges'
  | 'allow-list'
  | 'tls'
  | 'quarantine'
  | 'same-site';

/** `failed`: operations fail or wait for a person. `warning`: they work, with a risk or limit. */
export type CheckState = 'ok' | 'warning' | 'failed';

/** One check of doctor. */
export interface Check {
  /** What was checked. */
  readonly check: CheckName;
  /** Which one of its kind: an address, a task queue, a connection and its host, an operation. */
  readonly subject: string;
  /** How it stands. */
  readonly state: CheckState;
  /** One clause: what was found. */
  readonly message: string;
  /** One clause: what to do. Present unless the state is `ok`. */
  readonly remedy?: string;
}

/** What became of one search attribute. */
export interface AttributeSetUp {
  /** For example `SnapflowState`. */
  readonly name: string;
  /**
   * - `existed`, `added`: it is registered
   * - `wrong-type`: it is registered with another type, which is left as it is
   * - `missing`: the server let us not add it. `remedies` say how to
   */
  readonly outcome: 'existed' | 'added' | 'wrong-type' | 'missing';
  /** The type that it has instead of Keyword. */
  readonly foundType?: string;
}

/** What `setup` found and did. */
export interface SetUpResult {
  /** The Temporal namespace that was set up. */
  readonly namespace: string;
  /** Whether every attribute is registered as Keyword and usable. */
  readonly ready: boolean;
  /** Each of our search attributes. */
  readonly attributes: readonly AttributeSetUp[];
  /** Why it is not ready, one sentence. */
  readonly problem?: string;
  /** What to do then, one step each: commands, or where to click. */
  readonly remedies: readonly string[];
}

/** The one argument of `deleteVmOfClone`. The workflow id must be `deletionWorkflowId(connection, requestId)`. */
export interface DeletionInput {
  /** The finished clone. */
  readonly requestId: string;
  /** Name of the connection that the clone was made on. */
  readonly connection: string;
  /** The machine that the clone returned. A clone that recorded another one deletes nothing. */
  readonly vmId: string;
}

/** What `deleteVmOfClone` returns. A machine that was kept is the failure `CompensationIncomplete`. */
export interface DeletionResult {
  /** The machine, by id. */
  readonly vmId: string;
  /** Its name, as the clone was asked for. */
  readonly name: string;
  /** `already-gone`: another party had deleted it before. */
  readonly outcome: 'deleted' | 'already-gone';
}
