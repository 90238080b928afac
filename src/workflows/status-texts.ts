import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { isCancellation, workflowInfo } from '@temporalio/workflow';
import { FAILURES, type FailureType } from '../contract/failures';
import { MEMO, type Operation } from '../contract/operations';
import { decisionChoices, type Question } from '../contract/resolve';
import { inlineCode, plainText } from '../contract/text';
import type { Shown, Status } from './status';

/** What is asked, without who asks. */
export type Asked = Pick<Question, 'why' | 'candidates' | 'answers'>;

/** What is shown while the start loop works, moment by moment. */
export const startShown = {
  posting: (): Shown => ({
    what: 'asking the snapshot appliance to start the task, with one call',
    next: 'the task is waited for; an answer that gets lost is looked for, never repeated blindly',
  }),

  quarantine: (quarantineMs: number): Shown => ({
    what: 'the outcome of the start is unknown; a call in flight may still act and is waited out',
    next: `vSphere is looked at for its effect, in ${seconds(quarantineMs)} s; what is found is adopted, nothing is done twice`,
  }),

  leftovers: (said: string, quarantineMs: number): Shown => ({
    what: `the task ${plainText(said)}. What it may have left behind becomes visible only after its end, and is waited for`,
    next: `vSphere is looked at in ${seconds(quarantineMs)} s, then the operation fails with these words, and names what is left`,
  }),

  looking: (): Shown => ({
    what: 'looking in vSphere for what the start did',
    next: 'what is proven to be its effect is adopted; what cannot be told is asked',
  }),

  refused: (message: string, pauseMs: number, status: Status): Shown => ({
    what: `the start was refused for now: ${plainText(message)}`,
    next: `asked again in ${seconds(pauseMs)} s; it goes on by itself once there is room`,
    stuck: `make room for what the message names, or stop it: ${status.command('cancel')} ends it at once`,
  }),

  question: (operation: Operation, { why, candidates, answers }: Asked, status: Status): Shown => ({
    what: `looking cannot tell whether this request had its effect: ${plainText(why)}. **A person has to decide.** Look at the candidates in vSphere: who made them, when, from what`,
    choices: decisionChoices(operation, { candidates, answers }).map(({ option, meaning }) => [
      status.resolve(option),
      meaning,
    ]),
    facts: [
      ['Candidates', candidates.length === 0 ? 'none was found' : candidates.map(inlineCode).join(', ')],
    ],
    next: 'nothing, until it is answered: the lock stays, a cancel is only remembered',
  }),

  resolved: (): Shown => ({ what: 'resolved by an operator', next: 'it goes on as the answer says' }),
};

const seconds = (ms: number): number => Math.ceil(ms / 1_000);

/** What is shown of a run that succeeded. */
export const successShown = (): Shown => ({ what: 'succeeded; the result is on the first tab' });

/** What is shown of a run that ends with this error, with what is on vSphere then and what to do. */
export function failureShown(error: unknown): Shown {
  if (isCancellation(error)) return cancelled();
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (!(cause instanceof ApplicationFailure)) return { what: 'failed; the reason is on the first tab' };
  const { type, message } = cause;
  const what = `failed with **${plainText(type ?? 'an error')}**: ${plainText(message)}`;
  if (!isFailureType(type)) return { what };
  const { effect, remedy } = FAILURES[type];
  return {
    what,
    facts: [
      ['Effect on vSphere', effect],
      ['What to do', plainText(remedy)],
    ],
  };
}

function cancelled(): Shown {
  const left: unknown = workflowInfo().memo?.[MEMO.left];
  return { what: `cancelled: ${typeof left === 'string' ? plainText(left) : 'nothing was done'}` };
}

const isFailureType = (type: string | null | undefined): type is FailureType =>
  type !== null && type !== undefined && Object.hasOwn(FAILURES, type);

/** What is shown while a request is checked. `subject`: what of it, as Markdown. */
export const checking = (subject: string, status: Status): Shown => ({
  what: `checking ${subject} against vCenter and the snapshot appliance; nothing has been changed yet`,
  next: 'one call that starts the task',
  stuck: `the last error is under Pending Activities. ${status.command('cancel')} ends it at once, nothing changed`,
});
