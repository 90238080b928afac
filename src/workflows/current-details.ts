import { inlineCode } from '../contract/inline-code';
import type { Condition, Phase } from '../contract/progress';

/** What a person reads about a moment of a run. All but `taskId` is Markdown of one line. */
export interface Shown {
  /** What is going on, as a sentence. */
  readonly what: string;
  readonly taskId?: string;
  /** Further facts, each with its label. */
  readonly facts?: readonly (readonly [label: string, fact: string])[];
  /** What follows by itself. */
  readonly next?: string;
  /** Where to look, and what to type, when it takes too long. */
  readonly stuck?: string;
  /** Commands to choose from, each with its meaning. */
  readonly choices?: readonly (readonly [command: string, meaning: string])[];
}

export interface Moment {
  /** `ended` once the run's outcome is known. */
  readonly phase: Phase | 'ended';
  readonly state: Condition | 'running';
  readonly since: Date;
  /** What became of a cancel or deadline that has not acted yet. */
  readonly stop?: string;
}

/**
 * Markdown for "Current Details" of Temporal's UI. Bullets and bold only: tables are shown as text before UI 2.53.
 */
export function currentDetails({ what, taskId, facts, next, stuck, choices }: Shown, moment: Moment): string {
  const { phase, state, since, stop } = moment;
  const condition = state === 'running' ? '' : ` · **${state.toUpperCase()}**`;
  return [
    `**Phase: ${phase}**${condition} · ${what}`,
    '',
    ...bullet('Type one of', choices && ''),
    ...(choices ?? []).map(choice),
    ...bullet('Task', taskId && inlineCode(taskId)),
    ...(facts ?? []).flatMap(([label, fact]) => bullet(label, fact)),
    ...bullet('Since', readable(since)),
    ...bullet('Stop', stop),
    ...bullet('Next', next),
    ...bullet('If it is stuck', stuck),
    '',
    CUT_OFF,
  ].join('\n');
}

/** UI 2.42 makes the pane 30 pixels too low for its text: an empty last line is what it cuts off. */
const CUT_OFF = '\u00A0';

const bullet = (label: string, text: string | undefined): readonly string[] =>
  text === undefined ? [] : [`- **${label}:** ${text}`.trimEnd()];

const choice = ([command, meaning]: readonly [string, string]): string =>
  `  - ${inlineCode(command)} ${meaning}`;

/** As the UI itself writes moments. */
const readable = (moment: Date): string => `${moment.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
