import type { ApplicationFailure } from '@temporalio/common';
import { condition, defineUpdate, setHandler, upsertMemo, workflowInfo } from '@temporalio/workflow';
import { MEMO } from '../contract/operations';
import {
  answerProblem,
  RESOLVE_UPDATE,
  type Question,
  type Resolution,
  type ResolveInput,
} from '../contract/resolve';
import { toApplicationFailure } from './refusals';
import type { Asked } from './status-texts';

const resolveUpdate = defineUpdate<void, [ResolveInput]>(RESOLVE_UPDATE);

interface OpenQuestion extends Question {
  readonly take: (answer: Resolution) => void;
}

/** Questions that a run asks an operator, one at a time; an answer counts only for the run and question that it names. */
export class Operator {
  private open: OpenQuestion | undefined;
  private asked = 0;

  constructor() {
    setHandler(resolveUpdate, (input) => this.take(input), {
      validator: (input) => {
        this.refuseMeaningless(this.askedIn(input), input);
      },
    });
  }

  /** Waits, however long, for the answer: what looking cannot decide is never decided by time. */
  async ask(asked: Asked): Promise<Resolution> {
    const question: Question = { runId: workflowInfo().runId, question: ++this.asked, ...asked };
    upsertMemo({ [MEMO.question]: question });
    let answer: Resolution | undefined;
    this.open = { ...question, take: (taken) => void (answer = taken) };
    await condition(() => answer !== undefined);
    return answer as unknown as Resolution;
  }

  /** The first answer closes the question. The run is not compared here: a reset run replays answers to an earlier one. */
  private take({ question, resolution }: ResolveInput): void {
    if (this.open?.question !== question) throw stale();
    this.open.take(resolution);
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

const invalid = (message: string): ApplicationFailure =>
  toApplicationFailure({ type: 'RequestInvalid', message });

const stale = (): ApplicationFailure =>
  invalid('This run does not ask that question (any more): read its state again with snapflow status.');
