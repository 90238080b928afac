import {
  WorkflowFailedError,
  type WorkflowExecutionDescription,
  type WorkflowExecutionStatusName,
  type WorkflowExecutionInfo,
} from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, TerminatedFailure, TimeoutFailure } from '@temporalio/common';
import { FAILURES, isFailureType, type Failure } from '../contract/failures';
import { omitUndefined } from '../contract/omit-undefined';
import { MEMO, SEARCH_ATTRIBUTES } from '../contract/operations';
import { isCondition, type Condition, type OperationState } from '../contract/progress';
import { QUESTIONS_TO_GO_ON, RESOLUTION_KINDS, type Question } from '../contract/resolve';
import { isRunGone } from '../contract/run-gone';
import type { OperationFailure } from './errors';
import { temporalCall, abortable, type TemporalLink } from './temporal-calls';

/** More resets of one operation are implausible. Beyond it the last run seen is the answer. */
const MAX_SUCCESSORS = 20;

/**
 * Describes a run, or the newest one of the workflow id. A run that an operator reset, or that went on as a new one,
 * is the same operation: its successor is described.
 * @returns undefined when the server knows no such run
 */
export async function describeLatestRun(
  link: TemporalLink,
  workflowId: string,
  runId?: string,
  signal?: AbortSignal,
): Promise<WorkflowExecutionDescription | undefined> {
  let found = await describeOne(link, workflowId, runId, signal);
  for (let step = 0; step < MAX_SUCCESSORS && found !== undefined; step += 1) {
    const next = successorOf(found);
    if (next === undefined) return found;
    const successor = await describeOne(link, workflowId, next, signal);
    if (successor === undefined || successor.runId === found.runId) return found;
    found = successor;
  }
  return found;
}

function successorOf({ status, raw }: WorkflowExecutionDescription): string | undefined {
  if (status.name === 'TERMINATED') return raw.workflowExtendedInfo?.resetRunId ?? undefined;
  // An empty run id means the newest run.
  return status.name === 'CONTINUED_AS_NEW' ? '' : undefined;
}

async function describeOne(
  link: TemporalLink,
  workflowId: string,
  runId: string | undefined,
  signal: AbortSignal | undefined,
): Promise<WorkflowExecutionDescription | undefined> {
  const handle = link.client.workflow.getHandle(workflowId, runId === '' ? undefined : runId);
  try {
    return await temporalCall(link, () => handle.describe(), signal);
  } catch (error) {
    if (isRunGone(error)) return undefined;
    throw error;
  }
}

/** Temporal nests causes a handful deep. A cycle must not hang a caller. */
const MAX_DEPTH = 20;

/** The contract's failure in what a closed workflow threw: only the `type` survives the wire, so it decides. */
export function failureOfError(error: unknown): OperationFailure {
  const chain = causes(error);
  for (const cause of chain) {
    if (cause instanceof ApplicationFailure && isFailureType(cause.type)) {
      const details = detailsOf(cause);
      const failure = {
        type: cause.type,
        message: cause.message,
        ...omitUndefined({ details }),
      };
      // The details are the worker's contract: trusted here, as Temporal's own handles trust a result.
      return failure as Failure;
    }
  }
  return closedFromOutside(chain) ?? unexpected(chain);
}

function closedFromOutside(chain: readonly Error[]): OperationFailure | undefined {
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
}

const unexpected = (chain: readonly Error[]): OperationFailure => ({
  type: 'Unexpected',
  message: `The workflow ended with an error outside the contract: ${chain.at(-1)?.message || 'no message'}`,
});

/** The error and its causes, without the client's own wrapper around a failed workflow. */
function causes(error: unknown): Error[] {
  const chain: Error[] = [];
  for (let at = error; at instanceof Error && chain.length < MAX_DEPTH; at = at.cause) chain.push(at);
  return chain.length > 1 && chain[0]?.name === 'WorkflowFailedError' ? chain.slice(1) : chain;
}

function detailsOf(failure: ApplicationFailure): Record<string, unknown> | undefined {
  const first: unknown = failure.details?.[0];
  return typeof first === 'object' && first !== null && !Array.isArray(first)
    ? (first as Record<string, unknown>)
    : undefined;
}

/** How a closed run ended. */
export type RunOutcome =
  | { readonly kind: 'returned'; readonly value: unknown }
  | { readonly kind: 'threw'; readonly failure: OperationFailure };

/** A run that went on as a new one has closed, yet its operation goes on: this asks about the operation. */
export const isOperationOver = (status: WorkflowExecutionStatusName): boolean =>
  !['RUNNING', 'PAUSED', 'CONTINUED_AS_NEW', 'UNSPECIFIED', 'UNKNOWN'].includes(status);

/**
 * What a run returned or threw. Waits for its end if it is still running.
 * @returns undefined when the server knows no such run any more
 */
export async function runOutcome(
  link: TemporalLink,
  workflowId: string,
  runId: string,
  signal?: AbortSignal,
): Promise<RunOutcome | undefined> {
  try {
    const value: unknown = await abortable(
      link,
      () => link.client.workflow.result(workflowId, runId),
      signal,
    );
    return { kind: 'returned', value };
  } catch (error) {
    if (error instanceof WorkflowFailedError) return { kind: 'threw', failure: failureOfError(error) };
    if (isRunGone(error)) return undefined;
    throw error;
  }
}

/** The state of an operation by the status of its run. A terminated run counts as failed: nothing was undone. */
export function runState(
  status: WorkflowExecutionStatusName,
  condition: Condition | undefined,
): OperationState {
  switch (status) {
    case 'COMPLETED':
      return 'succeeded';
    case 'CANCELLED':
      return 'cancelled';
    case 'FAILED':
    case 'TERMINATED':
    case 'TIMED_OUT':
      return 'failed';
    case 'RUNNING':
    case 'PAUSED':
    case 'CONTINUED_AS_NEW':
    case 'UNSPECIFIED':
    case 'UNKNOWN':
      return condition === 'needs-decision' ? 'needs-decision' : 'running';
  }
}

/** The exceptional condition of a run as its memo says it or, where the memo is silent, its search attribute. */
export function runCondition({ memo, searchAttributes }: Described): Condition | undefined {
  const state: unknown = memo?.[MEMO.state] ?? searchAttributes[SEARCH_ATTRIBUTES.state]?.[0];
  return isCondition(state) ? state : undefined;
}

/** The condition as a field of its own. `needs-decision` is a state already, and not said twice. */
export const conditionBesideState = (
  condition: Condition | undefined,
): { readonly condition?: Exclude<Condition, 'needs-decision'> } =>
  condition === undefined || condition === 'needs-decision' ? {} : { condition };

/**
 * The name that a clone's machine has or is to have. Undefined while a clone with `uniqueName` that was started without a
 * nonce is not prepared, and where there is none.
 */
export function nameOfRun({ memo }: Pick<WorkflowExecutionInfo, 'memo'>): string | undefined {
  const { name, uniqueName } = (memo?.[MEMO.request] ?? {}) as Partial<Record<string, unknown>>;
  const known: unknown = memo?.[MEMO.name] ?? (uniqueName === true ? undefined : name);
  return typeof known === 'string' ? known : undefined;
}

/** Of a run that was listed or described. */
interface Described extends Pick<WorkflowExecutionInfo, 'memo'> {
  readonly searchAttributes: Readonly<Record<string, readonly unknown[] | undefined>>;
}

/**
 * The question in a run's memo, in which a run that is not ours may have put anything. It stays there when it was
 * answered, so the run's state says whether it is still open.
 * The run that was described asks it, whatever the memo names: one that a reset made inherits the memo of the earlier run.
 */
export function questionOfRun({
  memo,
  runId,
}: Pick<WorkflowExecutionDescription, 'memo' | 'runId'>): Question | undefined {
  const asked: unknown = memo?.[MEMO.question];
  if (typeof asked !== 'object' || asked === null) return undefined;
  const { runId: asker, question, why, candidates, answers, about } = asked as Partial<Question>;
  return typeof asker === 'string' && typeof question === 'number'
    ? {
        runId,
        question,
        why: typeof why === 'string' ? why : '',
        candidates: textsIn(candidates),
        // One that does not say which answers it takes leaves it to the run to refuse.
        answers: RESOLUTION_KINDS.filter((kind) => !Array.isArray(answers) || answers.includes(kind)),
        ...omitUndefined({ about: QUESTIONS_TO_GO_ON.find((each) => each === about) }),
      }
    : undefined;
}

const textsIn = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
