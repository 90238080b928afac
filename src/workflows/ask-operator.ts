import { condition, defineUpdate, setHandler, upsertMemo, workflowInfo } from '@temporalio/workflow';
import { MEMO } from '../contract/names';
import { RESOLVE_UPDATE, type Question, type Resolution, type ResolveInput } from '../contract/resolve';
import { toApplicationFailure } from './fail';

const resolveUpdate = defineUpdate<void, [ResolveInput]>(RESOLVE_UPDATE);

/** Questions that a run asks an operator, one at a time; an answer counts only for the run and question that it names. */
export class Operator {
  private open: Question | undefined;
  private answer: Resolution | undefined;
  private asked = 0;

  /** `answers`: what can be said of this operation. */
  constructor(private readonly answers: readonly Resolution['kind'][]) {
    setHandler(resolveUpdate, ({ resolution }) => void (this.answer = resolution), {
      validator: (input) => {
        this.refuseStale(input);
        this.refuseOdd(input);
      },
    });
  }

  /** Waits, however long, for the answer: what looking cannot decide is never decided by time. */
  async ask(why: string, candidates: readonly string[]): Promise<Resolution> {
    this.open = { runId: workflowInfo().runId, question: ++this.asked, why, candidates };
    this.answer = undefined;
    upsertMemo({ [MEMO.question]: this.open });
    await condition(() => this.answer !== undefined);
    this.open = undefined;
    return this.answer as unknown as Resolution;
  }

  private refuseOdd({ resolution }: ResolveInput): void {
    if (this.answers.includes(resolution?.kind)) return;
    throw toApplicationFailure({
      type: 'RequestInvalid',
      message: `The answer is "${resolution?.kind}": give one of ${this.answers.join(', ')}.`,
    });
  }

  private refuseStale({ runId, question }: ResolveInput): void {
    if (this.open?.runId === runId && this.open.question === question) return;
    throw toApplicationFailure({
      type: 'RequestInvalid',
      message: 'This run does not ask that question (any more): read its state again with snapflow status.',
    });
  }
}
