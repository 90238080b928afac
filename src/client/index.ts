export {
  FAILURES,
  isFailureType,
  type Failure,
  type FailureKind,
  type FailureType,
} from '../contract/failure';
export type { Check, CheckName, CheckState } from '../contract/check';
export type { DeletionResult } from '../contract/deletion';
export type { PlanResult, RevertPlanResult, SnapshotsResult, SnapshotSummary } from '../contract/inspect';
export { LISTED_STATES, type ListedState, type OperationState } from '../contract/listed-states';
export type { Condition, Phase } from '../contract/progress';
export type { LinkedCloneRequest, RevertRequest } from '../contract/request';
export type { Question, Resolution } from '../contract/resolve';
export type { LinkedCloneResult, PowerState, RevertResult, Warning } from '../contract/result';
export type { AttributeSetUp, SetUpResult } from '../contract/set-up';
export { SettingInvalid } from '../config/setting-invalid';
export { RequestInvalid, type Problem } from '../request/request-invalid';
export { AgainRefused } from './again-refused';
export type { ConnectOptions } from './connect-options';
export { DeletionRefused } from './deletion-refused';
export type { ListedOperation, ListOptions } from './list-operations';
export { unconnectedCheck } from './doctor/unconnected-check';
export { OperationFailed } from './operation-failed';
export type { OperationFailure } from './operation-failure';
export { OperationHandle, type WaitOptions } from './operation-handle';
export { OperationNotFound } from './operation-not-found';
export type { OperationOverview } from './operation-overview';
export type { OperationProgress } from './operation-progress';
export type { OperationResult, OperationStatus } from './operation-status';
export { RequestConflict } from './request-conflict';
export { ResolutionRefused } from './resolution-refused';
export {
  Snapflow,
  type CloneHandle,
  type OperationOptions,
  type RevertHandle,
  type SnapshotsOptions,
  type StartOptions,
} from './snapflow';
export { TemporalUnavailable, type UnavailableReason } from './temporal-unavailable';
