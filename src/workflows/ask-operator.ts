import { ActivityFailure, ApplicationFailure, HandlerUnfinishedPolicy } from '@temporalio/common';
import {
  CancellationScope,
  condition,
  defineUpdate,
  log,
  setHandler,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import { omitUndefined } from '../contract/omit-undefined';
import { MEMO } from '../contract/operations';
import {
  answerProblem,
  RESOLVE_UPDATE,
  type NamingAnswer,
  type Question,
  type Resolution,
  type ResolveInput,
} from '../contract/resolve';
import { toApplicationFailure } from './refusals';
import type { Asked } from './status-texts';

const resolveUpdate = defineUpdate<void, [ResolveInput]>(RESOLVE_UPDATE);

/** Holds what an answer names to the request, by an activity; rejects where it cannot be the effect. */
type CheckAnswer = (answer: NamingAnswer) => Promise<void>;

interface OpenQuestion extends Question {
  readonly check: CheckAnswer;
  readonly take: (answer: Resolution) => void;
}

interface Asking {
  /** Absent where no answer names anything. */
  readonly check?: CheckAnswer;
  readonly until?: Promise<unknown> | undefined;
}

const nothingToCheck: CheckAnswer = () => Promise.resolve();

/** Questions that a run asks an operator, one at a time. An answer counts only for the run and question that it names. */
export class Operator {
  private open: OpenQuestion | undefined;
  private asked = 0;

  constructor() {
    setHandler(resolveUpdate, (input) => this.answered(input), {
      validator: (input) => {
        this.refuseMeaningless(this.askedIn(input), input);
      },
      // A run that another answer ends does not wait for this one.
      unfinishedPolicy: HandlerUnfinishedPolicy.ABANDON,
    });
  }

  /**
   * Waits, however long, for the answer: what looking cannot decide is never decided by time. Where `until` settles first
   * the question is withdrawn, and goes on with `repeat`.
   */
  async ask(asked: Asked, { check = nothingToCheck, until }: Asking): Promise<Resolution> {
    const question: Question = { runId: workflowInfo().runId, question: ++this.asked, ...asked };
    upsertMemo({ [MEMO.question]: question });
    let answer: Resolution | undefined;
    this.open = { ...question, check, take: (taken) => void (answer = taken) };
    void until?.then(() => (answer ??= { kind: 'repeat' }));
    await condition(() => answer !== undefined);
    this.open = undefined;
    return answer as unknown as Resolution;
  }

  /**
   * The first answer that passes its check closes the question. One that is refused leaves it open. The run is not compared
   * here: a reset run replays answers to an earlier one.
   */
  private async answered({ question, resolution, requester }: ResolveInput): Promise<void> {
    const { open } = this;
    if (open?.question !== question) throw stale();
    if (resolution.kind === 'vm' || resolution.kind === 'task') {
      await checked(open.check, resolution);
      if (this.open !== open) throw stale();
    }
    log.info('question answered', { answer: resolution.kind, ...omitUndefined({ requester }) });
    open.take(resolution);
    this.open = undefined;
  }

  private askedIn({ runId, question }: ResolveInput): OpenQuestion {
    if (this.open?.runId === runId && this.open.question === question) return this.open;
    throw stale();
  }

  private refuseMeaningless({ answers }: OpenQuestion, { resolution }: ResolveInput): void {
    const { kind } = resolution;
    if (!answers.includes(kind))
      throw invalid(`"${kind}" does not answer this question: say one of ${answers.join(', ')}.`);
    const problem = answerProblem(resolution);
    if (problem !== undefined) throw invalid(`${problem.field} is ${problem.value}: ${problem.remedy}.`);
  }
}

/** Shielded: a cancel is remembered until the question is answered. */
async function checked(check: CheckAnswer, answer: NamingAnswer): Promise<void> {
  try {
    await CancellationScope.nonCancellable(() => check(answer));
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    if (error.cause instanceof ApplicationFailure && error.cause.nonRetryable === true) throw error.cause;
    const remedy = `it could not be checked, so answer again later (${deepest(error)}); the question stays open`;
    const id = answer.kind === 'vm' ? answer.vmId : answer.taskId;
    throw toApplicationFailure({
      type: 'RequestInvalid',
      message: `${answer.kind} is "${id}": ${remedy}.`,
      details: { problems: [{ field: answer.kind, value: `"${id}"`, remedy }] },
    });
  }
}

const deepest = (error: Error): string =>
  error.cause instanceof Error ? deepest(error.cause) : error.message.replace(/\.$/, '');

const invalid = (message: string): ApplicationFailure =>
  toApplicationFailure({ type: 'RequestInvalid', message });

const stale = (): ApplicationFailure =>
  invalid('This run does not ask that question (any more): read its state again with snapflow status.');
