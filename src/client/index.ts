/*
 * The library: starts, shows and steers operations. It talks to Temporal only.
 *
 * snapflow.ts           class Snapflow, the entry of the library
 * operation-handle.ts   one operation: status, progress, result, cancel
 * operation-views.ts    what a status, an overview and progress hold
 * start.ts              starts a workflow or attaches to it; policies, --again
 * same-request.ts       tells whether a run is one of the same request
 * wait.ts               waits for the end or for a question
 * describe.ts           a run's state, outcome and question from its description
 * overview.ts           how a run stands and why, with its request
 * queued-start.ts       a start that waits for a place, and how many do
 * pending.ts            phase, progress and last failure from pending activities
 * list.ts               lists operations by visibility
 * readable-memos.ts     describes runs whose memo does not decode
 * resolve.ts            checks and sends an operator's answer
 * delete.ts             deletes the machine of a finished clone
 * inspect.ts            runs a read-only query
 * doctor.ts             checks server, namespace and connections
 * doctor-workers.ts     checks who polls each queue with open operations
 * doctor-operations.ts  checks open operations, locks and search attributes
 * set-up.ts             registers the search attributes
 * requester.ts          who asks, for the record
 * connect.ts            connects to Temporal
 * temporal-settings.ts  Temporal's environment configuration, checked
 * tls-problem.ts        why TLS to Temporal fails, by its name
 * temporal-calls.ts     one call to Temporal: deadline, abort, errors explained
 * errors.ts             error classes of the library
 */
export { ERRORS, SnapflowError, type ErrorCode, type ErrorKind } from '../contract/errors';
export {
  FAILURES,
  isFailureType,
  type Failure,
  type FailureKind,
  type FailureType,
} from '../contract/failures';
export { HistoryUnreadable } from '../contract/history-payload';
export type { Check, CheckName, CheckState } from '../contract/inspect';
export type { DeletionResult } from '../contract/inspect';
export type { PlanResult, RevertPlanResult, SnapshotsResult, SnapshotSummary } from '../contract/inspect';
export { LISTED_STATES, type ListedState, type OperationState } from '../contract/progress';
export type { Condition, Phase } from '../contract/progress';
export type { LinkedCloneRequest, Priority, RevertRequest } from '../contract/operations';
export type { Question, Resolution } from '../contract/resolve';
export type { LinkedCloneResult, PowerState, RevertResult, Warning } from '../contract/operations';
export type { AttributeSetUp, SetUpResult } from '../contract/inspect';
export { SettingInvalid } from './temporal-settings';
export { RequestInvalid, type Problem } from '../request/parse';
export { AgainRefused, isSnapflowError, type AnySnapflowError } from './errors';
export type { ConnectOptions } from './connect';
export { DeletionRefused } from './errors';
export type { ListedOperation, ListOptions } from './list';
export { unconnectedCheck } from './doctor';
export { OperationFailed } from './errors';
export type { OperationFailure } from './errors';
export { OperationHandle, type WaitOptions } from './operation-handle';
export { OperationNotFound } from './errors';
export type { OperationOverview } from './operation-views';
export type { OperationProgress } from './operation-views';
export type { OperationResult, OperationStatus } from './operation-views';
export { RequestConflict } from './errors';
export { ResolutionRefused } from './errors';
export {
  Snapflow,
  type CloneHandle,
  type OperationOptions,
  type RevertHandle,
  type SnapshotsOptions,
  type StartOptions,
} from './snapflow';
export { TemporalUnavailable, type UnavailableReason } from './errors';
