import { isMachine } from './is-machine';
import type { Operation } from './names';
import { quoted } from './quoted';
import type { Question } from './resolve';

/** One answer to what a run in `needs-decision` asks: the option of `snapflow resolve`, and what it says. */
export interface DecisionChoice {
  readonly option: string;
  readonly meaning: string;
}

/** The answers that make sense, the ones about candidates first. */
export const decisionChoices = (
  operation: Operation,
  { candidates, answers }: Pick<Question, 'candidates' | 'answers'>,
): readonly DecisionChoice[] => [
  ...(operation === 'clone' ? candidates.map(isTheClone) : OF_REVERT),
  ...(answers.includes('repeat')
    ? [{ option: '--repeat', meaning: 'there was no effect: make it again' }]
    : []),
  { option: '--abandon', meaning: 'give up; nothing is deleted' },
];

const isTheClone = (candidate: string): DecisionChoice =>
  isMachine(candidate)
    ? { option: `--vm ${candidate}`, meaning: "this machine is the request's clone" }
    : { option: `--task ${quoted(candidate)}`, meaning: "this task is the request's" };

/** A candidate of a revert is a task or a snapshot that the service took before a revert, whosever it was. */
const OF_REVERT: readonly DecisionChoice[] = [
  { option: '--done', meaning: 'the revert has happened' },
  { option: '--task TASK', meaning: "this task is the request's" },
];
