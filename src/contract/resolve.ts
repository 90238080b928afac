import type { Operation } from './operations';
import { NEVER_SHOWN, showValue, shellWord } from './text';

/** Update `resolve`: an operator's answer to the question that a run in `needs-decision` asks. */
export const RESOLVE_UPDATE = 'resolve';

export interface ResolveInput {
  /** Run and question that the answer is for: any other ignores it, since a reset re-applies updates. */
  readonly runId: string;
  /** Its number. */
  readonly question: number;
  /** The answer. */
  readonly resolution: Resolution;
  /** Who answers, as the caller says: recorded, never trusted. */
  readonly requester?: string;
}

/** An operator's decision. `task` and `vm` name the effect, `done` says that it happened. Docs/operations.md says when to give which. */
export type Resolution =
  /** This task is the request's. */
  | { readonly kind: 'task'; readonly taskId: string }
  /** This machine is the request's clone. */
  | { readonly kind: 'vm'; readonly vmId: string }
  /** The revert has happened. */
  | { readonly kind: 'done' }
  /** There was no effect: post again. */
  | { readonly kind: 'repeat' }
  /** Give up: the run fails with `OutcomeUnknown`, nothing is deleted. */
  | { readonly kind: 'abandon' };

/** An answer that names what the effect is. */
export type NamingAnswer = Extract<Resolution, { readonly kind: 'task' | 'vm' }>;

/** Every kind of answer. */
export const RESOLUTION_KINDS = [
  'task',
  'vm',
  'done',
  'repeat',
  'abandon',
] as const satisfies readonly Resolution['kind'][];

/** Answers that an operation takes. A clone is its machine, so "done" alone would not say which one. A revert makes none. */
export const ANSWERS: Readonly<Record<Operation, readonly Resolution['kind'][]>> = {
  clone: ['task', 'vm', 'repeat', 'abandon'],
  revert: ['task', 'done', 'repeat', 'abandon'],
};

/** What a question to go on is about. */
export const QUESTIONS_TO_GO_ON = ['history', 'undo'] as const;

/** What a run in `needs-decision` asks, in its memo. */
export interface Question {
  /** The run that asks. */
  readonly runId: string;
  /** Number of the question in that run, from 1. */
  readonly question: number;
  /** Why the outcome is unknown, one clause. */
  readonly why: string;
  /** Tasks and machines that may be the request's effect. */
  readonly candidates: readonly string[];
  /** Kinds of answers that say something about it. Any other is rejected. */
  readonly answers: readonly Resolution['kind'][];
  /**
   * Where it does not ask about the effect. `history`: the run has tried for so long that its history grows too long.
   * `undo`: the undo is refused for hours. To both `repeat` says: go on.
   */
  readonly about?: (typeof QUESTIONS_TO_GO_ON)[number];
}

/** More than any id of vSphere has. */
const MAX_ID_CHARACTERS = 255;
/** Ids end up in paths, filters and logs: no server takes one with a blank, a control or an invisible character. */
const ID = new RegExp(String.raw`^(?!\.{1,2}$)[^\s${NEVER_SHOWN}]+$`, 'u');

const NAMED = { task: 'a task', vm: 'a machine, for example vm-1042' } as const;

/** What is wrong with the id that an answer names, in parts of a sentence. Undefined where it can be one. */
export function answerProblem(
  resolution: Resolution,
): { readonly field: string; readonly value: string; readonly remedy: string } | undefined {
  if (resolution.kind !== 'task' && resolution.kind !== 'vm') return undefined;
  const { kind } = resolution;
  // An answer comes over the wire: the type only says what it should be.
  const id: unknown = kind === 'task' ? resolution.taskId : resolution.vmId;
  if (typeof id === 'string' && id.length <= MAX_ID_CHARACTERS && ID.test(id)) return undefined;
  const remedy = `give the id of ${NAMED[kind]}, of 1 to ${MAX_ID_CHARACTERS} characters without blanks and control characters`;
  return { field: kind, value: id === undefined ? 'missing' : showValue(id), remedy };
}

const MACHINE = /^vm-\d+$/;

/** Whether a candidate is a machine's id as vCenter gives them. Ids of tasks look otherwise. */
export const isMachine = (candidate: string): boolean => MACHINE.test(candidate);

/** One answer to what a run in `needs-decision` asks: the option of `snapflow resolve`, and what it says. */
export interface DecisionChoice {
  readonly option: string;
  readonly meaning: string;
}

/** The answers that make sense, the ones about candidates first. */
export const decisionChoices = (
  operation: Operation,
  question: Pick<Question, 'candidates' | 'answers' | 'about'>,
): readonly DecisionChoice[] => [
  ...(question.about === undefined ? EFFECT_CHOICES[operation](question.candidates) : []),
  ...choicesOfAny(question),
];

/** Those that name nothing. */
export function choicesOfAny({
  answers,
  about,
}: Pick<Question, 'answers' | 'about'>): readonly DecisionChoice[] {
  const { repeat, abandon } = MEANINGS[about ?? 'effect'];
  const giveUp = { option: '--abandon', meaning: abandon };
  return answers.includes('repeat') ? [{ option: '--repeat', meaning: repeat }, giveUp] : [giveUp];
}

/** What each question means by them. */
const MEANINGS: Readonly<
  Record<'effect' | (typeof QUESTIONS_TO_GO_ON)[number], Readonly<Record<'repeat' | 'abandon', string>>>
> = {
  effect: {
    repeat: 'there was no effect: make it again',
    abandon: 'give up; nothing is deleted',
  },
  history: {
    repeat: 'go on as before, until it asks again',
    abandon: 'give up; nothing is deleted',
  },
  undo: {
    repeat: 'go on: try the undo again',
    abandon: 'keep what is there; it ends with CompensationIncomplete',
  },
};

const isTheClone = (candidate: string): DecisionChoice =>
  isMachine(candidate)
    ? { option: `--vm ${candidate}`, meaning: "this machine is the request's clone" }
    : { option: `--task ${shellWord(candidate)}`, meaning: "this task is the request's" };

const EFFECT_CHOICES: Readonly<
  Record<Operation, (candidates: readonly string[]) => readonly DecisionChoice[]>
> = {
  clone: (candidates) => candidates.map(isTheClone),
  // A candidate is a task or a snapshot that the service took before a revert, of whichever request.
  revert: () => [
    { option: '--done', meaning: 'the revert has happened' },
    { option: '--task TASK', meaning: "this task is the request's" },
  ],
};
