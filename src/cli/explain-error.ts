import {
  FAILURES,
  isFailureType,
  OperationFailed,
  RequestInvalid,
  type FailureType,
  type OperationFailure,
  type Problem,
} from '../client';
import { oneLine } from '../contract/text';

/** What an error says to a person: one sentence for each thing that is wrong, without a stack. */
export const explainError = (error: unknown): string => {
  if (error instanceof RequestInvalid)
    return error.problems.map((problem) => oneLine(optionProblem(problem))).join('\n');
  if (error instanceof OperationFailed) return explainFailure(error.failure);
  return oneLine(error instanceof Error ? error.message || error.name : String(error));
};

/** A failure with its type, to search for, and its remedy where the message cannot know one. */
export const explainFailure = ({ type, message }: OperationFailure): string => {
  const sentence = oneLine(`${type}: ${message}`);
  return isFailureType(type) && WITHOUT_REMEDY.includes(type)
    ? `${sentence}\n${FAILURES[type].remedy}`
    : sentence;
};

/** Their messages repeat what a server or an operator said. Every other message ends with what to do. */
const WITHOUT_REMEDY: readonly FailureType[] = [
  'TaskFailed',
  'PowerOnFailed',
  'OutcomeUnknown',
  'DeadlineExceeded',
  'CompensationIncomplete',
];

/** Fields of a request are options here: `resourcePool` is `--resource-pool`. */
const optionProblem = ({ field, value, remedy }: Problem): string =>
  value === '' ? `${optionOf(field)}: ${remedy}.` : `${optionOf(field)} is ${value}: ${remedy}.`;

const optionOf = (field: string): string => {
  if (field === 'deadlineMs') return '--deadline';
  return `--${field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
};
