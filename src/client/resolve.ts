import { WorkflowUpdateFailedError } from '@temporalio/client';
import { EVERY_OPERATION, type Operation } from '../contract/operations';
import {
  ANSWERS,
  answerProblem,
  isMachine,
  RESOLVE_UPDATE,
  type Question,
  type Resolution,
  type ResolveInput,
} from '../contract/resolve';
import { isRunGone } from '../contract/run-gone';
import { showValue } from '../contract/text';
import { RequestInvalid } from '../request/parse';
import { failureOfError } from './describe';
import { ResolutionRefused } from './errors';
import { abortable, type TemporalLink } from './temporal-calls';
import { noWorker } from './wait';

/**
 * Refuses what cannot be right, before the run is told: a machine would be taken as the result as it is named.
 * @throws RequestInvalid
 */
export function checkResolution(
  resolution: Resolution,
  operation: Operation,
  { candidates, answers, about }: Pick<Question, 'candidates' | 'answers' | 'about'>,
): void {
  if (about !== undefined && !answers.includes(resolution.kind))
    refuse(resolution.kind, '', `it does not answer whether to go on, so use ${options(answers)}`);
  if (!ANSWERS[operation].includes(resolution.kind)) refuseForeign(resolution.kind, operation);
  switch (resolution.kind) {
    case 'vm':
      return checkCandidate(resolution, candidates.filter(isMachine));
    case 'task':
      return checkId(resolution);
    case 'repeat':
      return answers.includes('repeat')
        ? undefined
        : refuse(
            'repeat',
            '',
            `it would be made again while ${candidates.join(', ')} may still work, so use --task or --abandon`,
          );
    case 'done':
    case 'abandon':
  }
}

const options = (kinds: readonly Resolution['kind'][]): string =>
  kinds.map((each) => `--${each}`).join(' or ');

function refuseForeign(kind: Resolution['kind'], operation: Operation): never {
  const takers = EVERY_OPERATION.filter((each) => ANSWERS[each].includes(kind)).map((each) => `${each}s`);
  const others = ANSWERS[operation].filter((each) => !IN_ANY_CASE.includes(each));
  return refuse(kind, '', `it is for ${takers.join(' and ')} only, so use ${options(others)}`);
}

/** Answers that say nothing about what the effect is. */
const IN_ANY_CASE: readonly Resolution['kind'][] = ['repeat', 'abandon'];

/** As the run itself checks it, in the same words. */
function checkId(resolution: Resolution): void {
  const problem = answerProblem(resolution);
  if (problem !== undefined) throw new RequestInvalid([problem]);
}

function checkCandidate(resolution: Extract<Resolution, { kind: 'vm' }>, machines: readonly string[]): void {
  checkId(resolution);
  const { vmId } = resolution;
  if (!isMachine(vmId)) refuse('vm', showValue(vmId), 'give the id of a machine, for example vm-1042');
  if (machines.length > 0 && !machines.includes(vmId))
    refuse('vm', showValue(vmId), `give one of the candidates ${machines.join(', ')}`);
}

function refuse(field: string, value: string, remedy: string): never {
  throw new RequestInvalid([{ field, value, remedy }]);
}

/** A worker answers within a second, after a check of what the answer names that may take 20 s. More is patience. */
const ANSWER_MS = 40_000;

/**
 * Sends the update `resolve` to the run that asked, and returns once the run has taken the answer.
 * @throws RequestInvalid when what the answer names cannot be the effect, ResolutionRefused when the run does not ask that
 * (any more), TemporalUnavailable, or the signal's reason
 */
export async function sendResolution(
  link: TemporalLink,
  workflowId: string,
  input: ResolveInput,
  signal: AbortSignal | undefined,
): Promise<void> {
  const timeUp = AbortSignal.timeout(ANSWER_MS);
  const both = signal === undefined ? timeUp : AbortSignal.any([signal, timeUp]);
  const handle = link.client.workflow.getHandle(workflowId, input.runId);
  try {
    await abortable(link, () => handle.executeUpdate(RESOLVE_UPDATE, { args: [input] }), both);
  } catch (error) {
    signal?.throwIfAborted();
    if (timeUp.aborted) throw noWorker(link);
    if (error instanceof WorkflowUpdateFailedError) throw refusalIn(error) ?? stale(workflowId);
    if (isRunGone(error)) throw stale(workflowId);
    throw error;
  }
}

/** The run asks on: what the answer names cannot be the effect. Only the refusal of a check says which field is wrong. */
function refusalIn(error: WorkflowUpdateFailedError): RequestInvalid | undefined {
  const failure = failureOfError(error.cause);
  const { problems = [] } = failure.type === 'RequestInvalid' ? (failure.details ?? {}) : {};
  return problems.length === 0 ? undefined : new RequestInvalid(problems);
}

const stale = (workflowId: string): ResolutionRefused =>
  new ResolutionRefused(
    `The operation ${workflowId} does not ask that question any more: another answer came first, or it was reset or ended: see snapflow status.`,
  );
