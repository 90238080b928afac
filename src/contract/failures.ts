import type { FailureDetails } from './failure-details';

/**
 * The closed list of ways an operation can fail. The name is the `type` of the Temporal application failure: the one
 * part of an error that survives the wire, so callers match on it. The table also gives the command line's exit codes.
 */
export interface FailureKind {
  /** Exit code of the command line, see the README. */
  readonly exitCode: number;
  /** What happened on vSphere when an operation ends so. */
  readonly effect: 'none' | 'undone' | 'kept' | 'unknown' | 'as the message says';
  /** What happened, one sentence. */
  readonly meaning: string;
  /** What to do about it, one sentence. */
  readonly remedy: string;
}

/** Every failure type with its exit code, what it means and what to do. Docs/failures.md is made of it. */
export const FAILURES = {
  RequestInvalid: {
    exitCode: 2,
    effect: 'none',
    meaning: 'A field of the request has a value that cannot be right.',
    remedy: 'Correct the field that the message names.',
  },
  WorkflowInvalid: {
    exitCode: 2,
    effect: 'none',
    meaning:
      "The workflow was started outside the contract: its id is not its request's, or it has a time-out.",
    remedy: 'Start it as docs/contract.md says.',
  },
  UnknownConnection: {
    exitCode: 3,
    effect: 'none',
    meaning:
      'The worker has no connection of that name, or it leads to another vCenter than the one that the operation began on.',
    remedy: 'Use one of the connections that the message lists, or add it to the worker.',
  },
  ObjectNotFound: {
    exitCode: 3,
    effect: 'none',
    meaning: 'A virtual machine, cluster, folder, pool, host or snapshot does not exist or is not visible.',
    remedy: 'Check the spelling and the privileges of the worker account.',
  },
  NameAmbiguous: {
    exitCode: 3,
    effect: 'none',
    meaning: 'A name matches more than one object, or is the id of one and the name of another.',
    remedy: 'Use one of the ids that the message lists.',
  },
  PlacementInvalid: {
    exitCode: 3,
    effect: 'none',
    meaning: 'The clone cannot be placed as asked.',
    remedy: 'Name a resource pool and host of the cluster, or use a cluster with DRS.',
  },
  SnapshotUnsuitable: {
    exitCode: 3,
    effect: 'none',
    meaning: 'The snapshot belongs to another virtual machine or expires too soon.',
    remedy: 'Choose another snapshot: snapflow snapshots --vm VM lists them.',
  },
  NameTaken: {
    exitCode: 3,
    effect: 'none',
    meaning: 'A virtual machine of the clone name exists already in that folder.',
    remedy: 'Choose another name, or delete the machine that the message names.',
  },
  PrivilegeMissing: {
    exitCode: 3,
    effect: 'none',
    meaning: 'The worker account lacks a privilege that the operation needs.',
    remedy: 'Grant every privilege on every object that the message lists.',
  },
  NotAllowed: {
    exitCode: 3,
    effect: 'none',
    meaning: "The connection's allow-list does not cover the request.",
    remedy: "Ask the operator of the worker, or choose an object within the connection's allow-list.",
  },
  Rejected: {
    exitCode: 3,
    effect: 'none',
    meaning: 'The service refused the call for good.',
    remedy: 'Correct what the server text in the message says.',
  },
  Unauthenticated: {
    exitCode: 4,
    effect: 'none',
    meaning: "The worker's user name or password was refused.",
    remedy: "Correct the credentials of the connection in the worker's configuration.",
  },
  Unreachable: {
    exitCode: 4,
    effect: 'none',
    meaning: 'vCenter or the snapshot appliance could not be reached, or its certificate is not trusted.',
    remedy: 'Check address, network and certificate: snapflow doctor.',
  },
  ReplyMalformed: {
    exitCode: 4,
    effect: 'none',
    meaning: 'A server answered something that the official description does not allow.',
    remedy: 'Check that the URL leads to the right server and that its release is supported.',
  },
  Busy: {
    exitCode: 5,
    effect: 'none',
    meaning:
      'Another open request holds the clone name or the virtual machine, and the request was not to wait.',
    remedy: 'Wait for the run that the message names, or ask with --when-busy wait.',
  },
  RequestConflict: {
    exitCode: 5,
    effect: 'none',
    meaning: 'The request id was used before for another request.',
    remedy: 'Use a new request id, or repeat the request as it was.',
  },
  TaskFailed: {
    exitCode: 1,
    effect: 'none',
    meaning: 'The snapshot service ended its task as FAILED.',
    remedy: "Act on the server's text in the message, then repeat with --again.",
  },
  PowerOnFailed: {
    exitCode: 1,
    effect: 'as the message says',
    meaning: 'The clone was made but could not be powered on.',
    remedy: "Act on the server's text; --on-failure keep leaves the clone in place.",
  },
  OutcomeUnknown: {
    exitCode: 6,
    effect: 'unknown',
    meaning: 'An operator gave the operation up while its outcome was undecided.',
    remedy: 'Look at the candidates that the message lists.',
  },
  NeedsDecision: {
    exitCode: 6,
    effect: 'unknown',
    meaning:
      'The run waits for an operator. It is unknown whether the request had its effect, or whether it is to go on.',
    remedy: 'snapflow resolve ID, see docs/operations.md.',
  },
  Cancelled: {
    exitCode: 8,
    effect: 'undone',
    meaning: 'The request was cancelled. Its effect was undone or, on request, kept.',
    remedy: 'None needed.',
  },
  DeadlineExceeded: {
    exitCode: 8,
    effect: 'undone',
    meaning: 'The deadline of the request passed. Its effect was undone or, on request, kept.',
    remedy: 'Repeat with a longer --deadline.',
  },
  CompensationIncomplete: {
    exitCode: 9,
    effect: 'kept',
    meaning: 'Something that the request made or changed could not be undone. The message names it.',
    remedy: 'Decide about the object that the message names.',
  },
} as const satisfies Record<string, FailureKind>;

/** What `type` of a failure can be. */
export type FailureType = keyof typeof FAILURES;

/**
 * A failure as it crosses Temporal: a union by `type`, so that a `switch` over it can be exhaustive and narrows the
 * details.
 */
export type Failure = { readonly [Type in FailureType]: FailureOf<Type> }[FailureType];

/** A failure of one type. */
interface FailureOf<Type extends FailureType> {
  /** What to match on. */
  readonly type: Type;
  /** One sentence for people: what failed, on which object, and what to do. */
  readonly message: string;
  /** The same facts for programs, as JSON. */
  readonly details?: FailureDetails[Type];
}

/** Whether a text is one of the failure types. It may come from a worker of a later release. */
export const isFailureType = (type: string | null | undefined): type is FailureType =>
  typeof type === 'string' && Object.hasOwn(FAILURES, type);
