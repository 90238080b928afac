/**
 * The facts beside a failure's message, as JSON, by the failure's `type`. Each may be absent: a failure is raised at more
 * than one place, and the message says everything that a person needs.
 */
export interface FailureDetails {
  /** Which fields cannot be right. */
  readonly RequestInvalid: {
    /** Every field that cannot be right, with what would be. */
    readonly problems?: readonly {
      readonly field: string;
      readonly value: string;
      readonly remedy: string;
    }[];
  };
  /** None. */
  readonly WorkflowInvalid: NoFacts;
  /** Which connection was asked for, and which there are. */
  readonly UnknownConnection: FieldFacts & {
    /** Connections that this worker has. */
    readonly known?: readonly string[];
  };
  /** The missing object, or the call that did not find it. */
  readonly ObjectNotFound: FieldFacts &
    CallFacts & {
      /** Where the search was. */
      readonly cluster?: string;
    };
  /** Which name, and what it matches. */
  readonly NameAmbiguous: FieldFacts & {
    /** Ids of the objects that the name matches, the first twenty of them. */
    readonly ids?: readonly string[];
  };
  /** What of the placement is missing or wrong. */
  readonly PlacementInvalid: FieldFacts & {
    /** Where the clone was to be placed. */
    readonly cluster?: string;
  };
  /** Which snapshot. */
  readonly SnapshotUnsuitable: FieldFacts & {
    readonly snapshotId?: string;
    /** ISO 8601. Of a snapshot that expires too soon. */
    readonly expiresAt?: string;
  };
  /** Which name, and by which machine it is taken. */
  readonly NameTaken: FieldFacts &
    CallFacts & {
      /** The machine in the way. */
      readonly vmId?: string;
    };
  /** Which privileges on which objects, or the call that the server refused as unauthorized. */
  readonly PrivilegeMissing: CallFacts & {
    /** Every privilege that is missing, and the object, by id and type, that it is missing on. */
    readonly missing?: readonly {
      readonly privilege: string;
      readonly object: string;
      readonly type: string;
    }[];
  };
  /** What the allow-list does not cover. */
  readonly NotAllowed: {
    /** What the allow-list does not cover, one clause each. */
    readonly outside?: readonly string[];
  };
  /** The call that was refused. */
  readonly Rejected: CallFacts;
  /** The login that was refused. */
  readonly Unauthenticated: CallFacts;
  /** The call that did not get through. */
  readonly Unreachable: CallFacts;
  /** The call whose answer could not be read. */
  readonly ReplyMalformed: CallFacts;
  /** What is in the way. */
  readonly Busy: {
    /** Workflow id of the lock. */
    readonly lockId?: string;
    /** Workflow id of the operation that holds it. */
    readonly holderId?: string;
  };
  /** None: the error `RequestConflict` has the ids. */
  readonly RequestConflict: NoFacts;
  /** The task that ended as FAILED. */
  readonly TaskFailed: {
    /** As the service names it. */
    readonly taskId?: string;
  };
  /** The clone, and whether it was kept. Or the call that failed. */
  readonly PowerOnFailed: CallFacts & {
    readonly vmId?: string;
    readonly name?: string;
    /** Whether the clone is still there. */
    readonly kept?: boolean;
  };
  /** What an operator is to look at. */
  readonly OutcomeUnknown: {
    /** Tasks and machines that may be the request's effect. */
    readonly candidates?: readonly string[];
  };
  /** What an operator is asked. */
  readonly NeedsDecision: {
    /** Why the outcome is unknown. */
    readonly why?: string;
    /** Tasks and machines that may be the request's effect. */
    readonly candidates?: readonly string[];
  };
  /** What is left. */
  readonly Cancelled: {
    /** What is left of the request, one clause. */
    readonly left?: string;
  };
  /** None. */
  readonly DeadlineExceeded: NoFacts;
  /** What was left behind. */
  readonly CompensationIncomplete: {
    /** The task that left something behind. */
    readonly taskId?: string;
    /** What it left, one clause. */
    readonly left?: string;
    /** The machine that was kept or, of a revert, not brought back. */
    readonly vmId?: string;
    readonly name?: string;
    /** The machine's state from before a revert that was not undone. */
    readonly undoSnapshotId?: string;
  };
}

/** A failure whose message says all there is. */
type NoFacts = Readonly<Record<string, never>>;

/** The field of the request that is at fault. */
export interface FieldFacts {
  /** For example `vm` or `snapshot`. */
  readonly field?: string;
  /** What the request said. */
  readonly value?: string;
}

/** The types that a call which failed for good ends with: their details are, or may be, `CallFacts`. */
export type CallFailureType =
  | 'ObjectNotFound'
  | 'NameTaken'
  | 'PrivilegeMissing'
  | 'Rejected'
  | 'Unauthenticated'
  | 'Unreachable'
  | 'ReplyMalformed';

/** The call of vCenter or of the appliance that failed for good. */
export interface CallFacts {
  /** For example `linkedClone` or `tasks.get`. */
  readonly operation?: string;
  /** Which of the two servers. */
  readonly host?: 'vcenter' | 'appliance';
  /** A row of the table _What an error of vSphere means_ in docs/failures.md. */
  readonly kind?: string;
  /** HTTP status, where there was an answer. */
  readonly status?: number;
  /** `error_type` of the answer, as the service spells it (vAPI's standard errors, `com.vmware.vapi.std.errors`). */
  readonly errorType?: string;
}
