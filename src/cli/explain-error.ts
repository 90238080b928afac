import {
  AgainRefused,
  DeletionRefused,
  isSnapflowError,
  OperationFailed,
  OperationNotFound,
  RequestConflict,
  RequestInvalid,
  ResolutionRefused,
  SettingInvalid,
  TemporalUnavailable,
  type Problem,
} from '../client';
import { singleLine } from '../contract/text';
import { omitUndefined } from '../contract/omit-undefined';
import type { CliError } from './output';
import { EXIT, exitCodeOfFailure, explainFailure, Interrupted, UsageError, WaitTimedOut } from './errors';

/** What an error says to a person: one sentence for each thing that is wrong, without a stack. */
export function explainError(error: unknown): string {
  if (error instanceof RequestInvalid)
    return error.problems.map((problem) => singleLine(optionProblem(problem))).join('\n');
  if (error instanceof OperationFailed) return explainFailure(error.failure);
  return singleLine(error instanceof Error ? error.message || error.name : String(error));
}

/** Fields of a request are options here: `resourcePool` is `--resource-pool`. */
const optionProblem = ({ field, value, remedy }: Problem): string =>
  value === '' ? `${optionOf(field)}: ${remedy}.` : `${optionOf(field)} is ${value}: ${remedy}.`;

function optionOf(field: string): string {
  if (field === 'deadlineMs') return '--deadline';
  if (field === ARGUMENT) return '<id>';
  return `--${field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

const ARGUMENT = 'id';

/** Of a command whose request id is an argument, and no option. */
export const asArgument = (error: unknown): unknown =>
  error instanceof RequestInvalid
    ? new RequestInvalid(error.problems.map((problem) => ({ ...problem, field: ARGUMENT })))
    : error;

/** What an error says to a script: the exit code of the command that threw it. */
export function exitCodeOfError(error: unknown): number {
  if (error instanceof OperationFailed) return exitCodeOfFailure(error.failure);
  return EXIT_OF_ERROR.find(([errorClass]) => error instanceof errorClass)?.[1] ?? EXIT.failed;
}

/** What an error says to a program. `message`: what was printed, where that is not the error's own sentence. */
export const errorData = (error: unknown, message = explainError(error)): CliError => ({
  type: typeOf(error),
  message,
  exitCode: exitCodeOfError(error),
  ...omitUndefined({ code: isSnapflowError(error) ? error.code : undefined, details: detailsOf(error) }),
});

function typeOf(error: unknown): string {
  if (error instanceof OperationFailed) return error.failure.type;
  return error instanceof Error ? error.name : 'Error';
}

function detailsOf(error: unknown): object | undefined {
  if (error instanceof OperationFailed) return error.failure.details;
  return error instanceof RequestInvalid ? { problems: error.problems } : undefined;
}

type ErrorClass = abstract new (...args: never[]) => Error;

const EXIT_OF_ERROR: readonly (readonly [ErrorClass, number])[] = [
  [RequestInvalid, EXIT.usage],
  [SettingInvalid, EXIT.usage],
  [UsageError, EXIT.usage],
  [DeletionRefused, EXIT.nothingChanged],
  [TemporalUnavailable, EXIT.unavailable],
  [RequestConflict, EXIT.conflict],
  [AgainRefused, EXIT.conflict],
  [ResolutionRefused, EXIT.conflict],
  [OperationNotFound, EXIT.nothingChanged],
  [WaitTimedOut, EXIT.stillRunning],
  [Interrupted, EXIT.interrupted],
];

/** Whether no Temporal server was reached. */
export const isUnavailable = (error: unknown): error is TemporalUnavailable =>
  error instanceof TemporalUnavailable;
