export {
  FAILURES,
  isFailureType,
  type Failure,
  type FailureKind,
  type FailureType,
} from '../contract/failures';
export type { Check, CheckName, CheckState } from '../contract/inspect';
export type { DeletionResult } from '../contract/inspect';
export type { PlanResult, RevertPlanResult, SnapshotsResult, SnapshotSummary } from '../contract/inspect';
export { LISTED_STATES, type ListedState, type OperationState } from '../contract/progress';
export type { Condition, Phase } from '../contract/progress';
export type { LinkedCloneRequest, RevertRequest } from '../contract/operations';
export type { Question, Resolution } from '../contract/resolve';
export type { LinkedCloneResult, PowerState, RevertResult, Warning } from '../contract/operations';
export type { AttributeSetUp, SetUpResult } from '../contract/inspect';
export { SettingInvalid } from './temporal-settings';
export { RequestInvalid, type Problem } from '../request/parse';
export { AgainRefused } from './errors';
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
