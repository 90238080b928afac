import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { isCancellation, workflowInfo } from '@temporalio/workflow';
import { FAILURES, type FailureType } from '../contract/failures';
import { MEMO, type Operation } from '../contract/operations';
import { choicesOfAny, decisionChoices, type Question } from '../contract/resolve';
import { markdownCode, escapeMarkdown } from '../contract/text';
import type { Shown, Status } from './status';

/** What is asked, without who asks. */
export type Asked = Pick<Question, 'why' | 'candidates' | 'answers' | 'about'>;

/** What is shown while the start loop works, moment by moment. */
export const startShown = {
  posting: (status: Status): Shown => ({
    what: `waiting for a place at ${markdownCode(status.connection)}. Then one call to the snapshot appliance starts the task`,
    next: 'the wait for the task. A lost answer leads to a check, never to a blind repeat',
    stuck: `${status.command('status')} says how many wait there. ${status.command('cancel')} ends it at once while it waits`,
  }),

  quarantine: (quarantineMs: number): Shown => ({
    what: 'safety wait: the outcome of the start is unknown, and an unanswered call may still take effect',
    next: `a check of vSphere in ${seconds(quarantineMs)} s. A proven effect is adopted, and nothing is done twice`,
  }),

  lateCall: (lateCallMs: number): Shown => ({
    what: 'safety wait: nothing of the start is found, its worker died or said nothing, and its call may still arrive',
    next: `a check of vSphere in ${seconds(lateCallMs)} s. Then it starts again, or asks. Nothing is done twice`,
  }),

  leftovers: (said: string, quarantineMs: number): Shown => ({
    what: `the task ${escapeMarkdown(said)}. Safety wait: what it left behind may become visible only after its end`,
    next: `a check of vSphere in ${seconds(quarantineMs)} s. Then the operation fails with these words and names what is left`,
  }),

  looking: (): Shown => ({
    what: 'checking vSphere for what the start did',
    next: 'a proven effect is adopted. What stays unknown becomes a question',
  }),

  refused: (message: string, pauseMs: number, status: Status): Shown => ({
    what: `the start was refused for now: ${escapeMarkdown(message)}`,
    next: `it asks again in ${seconds(pauseMs)} s and goes on by itself once there is room`,
    stuck: `make room for what the message names, or stop it: ${status.command('cancel')} ends it at once`,
  }),

  question: (operation: Operation, { why, candidates, answers }: Asked, status: Status): Shown => ({
    what: `it is unknown whether this request had its effect: ${escapeMarkdown(why)}. **A person has to decide.** Look at the candidates in vSphere: who made them, when, from what`,
    choices: decisionChoices(operation, { candidates, answers }).map(({ option, meaning }) => [
      status.resolve(option),
      meaning,
    ]),
    facts: [
      ['Candidates', candidates.length === 0 ? 'none was found' : candidates.map(markdownCode).join(', ')],
    ],
    next: 'nothing happens until you answer: a lock that it holds stays, and a cancel takes effect after that',
  }),

  resolved: (): Shown => ({ what: 'resolved by an operator', next: 'it goes on as the answer says' }),
};

/** A question whether to go on. Its answers mean the same for every operation. */
export const goingOnShown = (asked: Asked, status: Status): Shown => ({
  what: `${escapeMarkdown(asked.why)}. **A person has to decide** whether it goes on`,
  choices: choicesOfAny(asked).map(({ option, meaning }) => [status.resolve(option), meaning]),
  next: 'nothing happens until you answer: the lock stays. Correct what the reason names, then let it go on',
});

const seconds = (ms: number): number => Math.ceil(ms / 1_000);

/** What is shown of a run that succeeded. */
export const successShown = (): Shown => ({ what: 'succeeded. The result is on the first tab' });

/** What is shown of a run that ends with this error, with what is on vSphere then and what to do. */
export function failureShown(error: unknown): Shown {
  if (isCancellation(error)) return cancelled();
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (!(cause instanceof ApplicationFailure)) return { what: 'failed. The reason is on the first tab' };
  const { type, message } = cause;
  const what = `failed with **${escapeMarkdown(type ?? 'an error')}**: ${escapeMarkdown(message)}`;
  if (!isFailureType(type)) return { what };
  const { effect, remedy } = FAILURES[type];
  return {
    what,
    facts: [
      ['Effect on vSphere', effect],
      ['What to do', escapeMarkdown(remedy)],
    ],
  };
}

function cancelled(): Shown {
  const left: unknown = workflowInfo().memo?.[MEMO.left];
  return { what: `cancelled: ${typeof left === 'string' ? escapeMarkdown(left) : 'nothing was done'}` };
}

const isFailureType = (type: string | null | undefined): type is FailureType =>
  type !== null && type !== undefined && Object.hasOwn(FAILURES, type);

/** What is shown while a request is checked. `subject`: what of it, as Markdown. */
export const checking = (subject: string, status: Status): Shown => ({
  what: `checking ${subject} against vCenter and the snapshot appliance; nothing has been changed yet`,
  next: 'one call that starts the task',
  stuck: `the last error is under Pending Activities. ${status.command('cancel')} ends it at once, nothing changed`,
});
