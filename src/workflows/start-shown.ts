import { decisionChoices } from '../contract/decision-choices';
import type { Question } from '../contract/resolve';
import { inlineCode } from '../contract/inline-code';
import type { Operation } from '../contract/names';
import { plainText } from '../contract/plain-text';
import type { Shown } from './current-details';
import type { Status } from './status';

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
