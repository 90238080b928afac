import { ApplicationFailure, CancelledFailure, TerminatedFailure, TimeoutFailure } from '@temporalio/common';
import { FAILURES, isFailureType, type Failure } from '../contract/failure';
import type { OperationFailure } from './operation-failure';

/** Temporal nests causes a handful deep; a cycle must not hang a caller. */
const MAX_DEPTH = 20;

/** The contract's failure in what a closed workflow threw: only the `type` survives the wire, so it decides. */
export const failureOfError = (error: unknown): OperationFailure => {
  const chain = causes(error);
  for (const cause of chain) {
    if (cause instanceof ApplicationFailure && isFailureType(cause.type)) {
      const details = detailsOf(cause);
      const failure = {
        type: cause.type,
        message: cause.message,
        ...(details === undefined ? {} : { details }),
      };
      // The details are the worker's contract: trusted here, as Temporal's own handles trust a result.
      return failure as Failure;
    }
  }
  return closedFromOutside(chain) ?? unexpected(chain);
};

const closedFromOutside = (chain: readonly Error[]): OperationFailure | undefined => {
  const [first] = chain;
  if (first instanceof CancelledFailure) return { type: 'Cancelled', message: FAILURES.Cancelled.meaning };
  if (first instanceof TerminatedFailure) {
    return {
      type: 'Terminated',
      message: `Somebody terminated the workflow (${first.message}), so nothing was undone: look for what it left on vSphere.`,
    };
  }
  if (first instanceof TimeoutFailure) {
    return {
      type: 'TimedOut',
      message:
        'The workflow ran into a time-out that it was started with outside the contract, so nothing was undone: look for what it left on vSphere.',
    };
  }
  return undefined;
};

const unexpected = (chain: readonly Error[]): OperationFailure => ({
  type: 'Unexpected',
  message: `The workflow ended with an error outside the contract: ${chain.at(-1)?.message || 'no message'}`,
});

/** The error and its causes, without the client's own wrapper around a failed workflow. */
const causes = (error: unknown): Error[] => {
  const chain: Error[] = [];
  for (let at = error; at instanceof Error && chain.length < MAX_DEPTH; at = at.cause) chain.push(at);
  return chain.length > 1 && chain[0]?.name === 'WorkflowFailedError' ? chain.slice(1) : chain;
};

const detailsOf = (failure: ApplicationFailure): Record<string, unknown> | undefined => {
  const first: unknown = failure.details?.[0];
  return typeof first === 'object' && first !== null && !Array.isArray(first)
    ? (first as Record<string, unknown>)
    : undefined;
};
