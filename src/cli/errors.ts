import type { OperationFailure, OperationStatus } from '../client';
import { FAILURES, isFailureType, type FailureType } from '../contract/failures';
import { singleLine } from '../contract/text';

/** The options do not fit together. Nothing was done. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The command got SIGINT or SIGTERM. The operation that it started continues. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';

  constructor() {
    super('interrupted');
  }
}

/** `--timeout` has passed; the operation continues. */
export class WaitTimedOut extends Error {
  override readonly name = 'WaitTimedOut';

  /** @param resumeHint how to reattach to the operation */
  constructor(resumeHint: string) {
    super(`The --timeout has passed. ${resumeHint}`);
  }
}

/** Exit codes, as the README lists them. Those of failures come from the contract's table. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  nothingChanged: 3,
  unavailable: 4,
  conflict: 5,
  needsDecision: 6,
  stillRunning: 7,
  cancelled: 8,
  interrupted: 130,
} as const;

/** The exit code that says how an operation stands; one that is just running is no failure. */
export function exitCodeOfStatus({ state, failure }: Pick<OperationStatus, 'state' | 'failure'>): number {
  switch (state) {
    case 'running':
    case 'succeeded':
      return EXIT.ok;
    case 'needs-decision':
      return EXIT.needsDecision;
    case 'cancelled':
      return failure === undefined ? EXIT.cancelled : exitCodeOfFailure(failure);
    case 'failed':
      return failure === undefined ? EXIT.failed : exitCodeOfFailure(failure);
  }
}

/** From the contract's table; an end outside the contract is a plain failure. */
export const exitCodeOfFailure = ({ type }: OperationFailure): number =>
  isFailureType(type) ? FAILURES[type].exitCode : EXIT.failed;

/** A failure with its type, to search for, and its remedy where the message cannot know one. */
export function explainFailure({ type, message }: OperationFailure): string {
  const sentence = singleLine(`${type}: ${message}`);
  return isFailureType(type) && WITHOUT_REMEDY.includes(type)
    ? `${sentence}\n${FAILURES[type].remedy}`
    : sentence;
}

/** Their messages repeat what a server or an operator said. Every other message ends with what to do. */
const WITHOUT_REMEDY: readonly FailureType[] = [
  'TaskFailed',
  'PowerOnFailed',
  'OutcomeUnknown',
  'DeadlineExceeded',
  'CompensationIncomplete',
];
