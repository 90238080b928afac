/**
 * Exit codes by failure type, copied from the README on purpose: the judge takes the product's word for nothing, and a test
 * compares the two.
 */
export const EXIT_OF_FAILURE: Readonly<Record<string, number>> = {
  RequestInvalid: 2,
  WorkflowInvalid: 2,
  UnknownConnection: 3,
  ObjectNotFound: 3,
  NameAmbiguous: 3,
  PlacementInvalid: 3,
  SnapshotUnsuitable: 3,
  NameTaken: 3,
  PrivilegeMissing: 3,
  NotAllowed: 3,
  Rejected: 3,
  Unauthenticated: 4,
  Unreachable: 4,
  ReplyMalformed: 4,
  Busy: 5,
  RequestConflict: 5,
  TaskFailed: 1,
  PowerOnFailed: 1,
  OutcomeUnknown: 6,
  NeedsDecision: 6,
  Cancelled: 8,
  DeadlineExceeded: 8,
  CompensationIncomplete: 9,
};
