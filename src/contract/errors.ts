/** What a code of the library's errors stands for. */
export interface ErrorKind {
  /** The class, which is also the error's `name`. */
  readonly name: string;
  /** What happened, one sentence. */
  readonly meaning: string;
  /** What to do about it, one sentence. */
  readonly remedy: string;
}

/** Every error that the library throws of its own, by its code. A code never changes. Docs/failures.md is made of it. */
export const ERRORS = {
  SNAPFLOW_REQUEST_INVALID: {
    name: 'RequestInvalid',
    meaning: 'Fields of a request have values that cannot be right. Nothing was started.',
    remedy: 'Correct the fields that `problems` lists.',
  },
  SNAPFLOW_REQUEST_CONFLICT: {
    name: 'RequestConflict',
    meaning: 'The request id was used before for another request. Nothing was started.',
    remedy: 'Use a new request id, or repeat the request as it was.',
  },
  SNAPFLOW_AGAIN_REFUSED: {
    name: 'AgainRefused',
    meaning: '`again` was asked for an operation that cannot be run once more. Nothing was started.',
    remedy: 'Wait for the operation that runs, or use a new request id.',
  },
  SNAPFLOW_OPERATION_NOT_FOUND: {
    name: 'OperationNotFound',
    meaning: 'Temporal knows no operation of that request id on that connection.',
    remedy: 'Check the id and the connection.',
  },
  SNAPFLOW_OPERATION_FAILED: {
    name: 'OperationFailed',
    meaning: 'An operation ended without success, or waits for an operator.',
    remedy: 'Match on `failure.type`, a type of the table above.',
  },
  SNAPFLOW_DELETION_REFUSED: {
    name: 'DeletionRefused',
    meaning: 'The operation is no clone that succeeded. Nothing was deleted.',
    remedy: 'Act on what the message says of the operation.',
  },
  SNAPFLOW_RESOLUTION_REFUSED: {
    name: 'ResolutionRefused',
    meaning: 'The operation does not wait for that decision. Nothing was changed.',
    remedy: 'Read its status again.',
  },
  SNAPFLOW_TEMPORAL_UNAVAILABLE: {
    name: 'TemporalUnavailable',
    meaning: 'The Temporal server cannot be used, or no worker polls. Operations that were started go on.',
    remedy: 'Match on `reason`. Repeat the call if it is `unreachable`.',
  },
  SNAPFLOW_HISTORY_UNREADABLE: {
    name: 'HistoryUnreadable',
    meaning: 'A payload of a history or heartbeat cannot be decoded. It is never taken for an empty one.',
    remedy: 'Use the data converter, with its codecs and keys, that wrote it.',
  },
  SNAPFLOW_SETTING_INVALID: {
    name: 'SettingInvalid',
    meaning: 'A setting from the environment or an option cannot be used. Nothing was connected.',
    remedy: 'Correct the setting that the message names.',
  },
} as const satisfies Record<string, ErrorKind>;

/** What `code` of an error can be. */
export type ErrorCode = keyof typeof ERRORS;

/** The same symbol in every copy of the package that a program has loaded. */
const MARK = Symbol.for('snapflow.error');

/** Base class of the errors that the library throws. `isSnapflowError` tells them from others. */
export abstract class SnapflowError extends Error {
  /** Stable and unlike every other class's: what programs match on. */
  abstract readonly code: ErrorCode;

  static {
    Object.defineProperty(this.prototype, MARK, { value: true });
  }
}

/** Whether a value is an error of the library, also one that another copy of the package threw. */
export const isMarkedError = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && MARK in value;
