import { InvalidArgumentError, Option, type Command } from 'commander';
import { UsageError } from './errors';
import { FORMATS, type Format } from './output';
import type { Terminal } from './terminal';

/**
 * Gives a command its options, its help and its action. Only types and light modules may be imported by its file: what the
 * action needs is imported when it runs, so that a help and a completion script load nothing of it.
 * @param setExitCode to be told the exit code by the action when it ends
 */
export type DefineCommand = (command: Command, setExitCode: (exitCode: number) => void) => void;

/** Options about what is written, as commander gives them. */
export interface FormatOptions {
  readonly output: Format;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Options of every command that talks to a Temporal server. */
export interface CommonOptions extends FormatOptions {
  readonly address?: string;
  readonly namespace?: string;
  readonly profile?: string;
  readonly taskQueue?: string;
}

/** Options of every command that is given the id of an operation. */
export interface OperationOptions extends CommonOptions {
  readonly connection?: string;
}

export const formatOf = ({ output, json }: FormatOptions): Format => (json === true ? 'json' : output);

/** Adds the options about what is written. */
export const addFormatOptions = (command: Command): Command =>
  command
    .addOption(
      new Option('-o, --output <format>', 'format of the data on stdout')
        .choices([...FORMATS])
        .default('table'),
    )
    .option('--json', 'short for -o json')
    .option('--quiet', 'no progress and no hints; a table is reduced to ids');

/** Adds those, and where the Temporal server is. */
export const addCommonOptions = (command: Command): Command =>
  addFormatOptions(command)
    .option('--address <host:port>', 'Temporal server (default: TEMPORAL_ADDRESS, else localhost:7233)')
    .option('--namespace <name>', 'Temporal namespace (default: TEMPORAL_NAMESPACE, else default)')
    .option('--profile <name>', "profile of Temporal's configuration file (default: TEMPORAL_PROFILE)")
    .option('--task-queue <name>', 'task queue of the workers (default: SNAPFLOW_TASK_QUEUE, else snapflow)');

/** Adds the id of an operation, and the connection that it was started on. */
export const addOperation = (command: Command): Command =>
  command
    .argument('<id>', 'request id, as clone or revert printed it')
    .option('--connection <name>', 'connection that the operation was started on (default: default)');

/** The examples at the end of every help. */
export const examples = (lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;

export interface ConfirmOptions {
  readonly yes?: boolean;
}

/** Adds `--yes` to a command that destroys something. */
export const addYesOption = (command: Command): Command =>
  command.option('--yes', 'skip the confirmation (required in scripts)');

interface Confirmation {
  /** @throws UsageError without a terminal and without `--yes` */
  readonly check: (terminal: Pick<Terminal, 'canAsk'>) => void;
  /** Asks what the sentence says; true without a question when `--yes` was given. */
  readonly confirm: (
    asker: { readonly terminal: Pick<Terminal, 'ask'>; readonly signal: AbortSignal },
    sentence: () => Promise<string>,
  ) => Promise<boolean>;
}

/** The confirmation of a command that destroys something: a terminal gets a question, a script has to give `--yes`. */
export const askOrNeedYes = ({ yes = false }: ConfirmOptions, danger: string): Confirmation => ({
  check: ({ canAsk }) => {
    if (!yes && !canAsk) throw new UsageError(`${danger}. There is no terminal to confirm it on: add --yes.`);
  },
  confirm: async ({ terminal, signal }, sentence) =>
    yes || isYes(await terminal.ask(`${await sentence()} [y/N] `, signal)),
});

const isYes = (answer: string): boolean => /^\s*y(?:es)?\s*$/i.test(answer);

const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Longer than any wait or deadline that makes sense; it also keeps timers from overflowing. */
const MAX_MS = 30 * UNIT_MS.d;

/**
 * A duration as people write it: `90s`, `15m`, `2h`, `1h30m`.
 * @returns milliseconds, or a sentence that says what would be right
 */
export function parseDuration(text: string): number | string {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)];
  const complete = parts.length > 0 && parts.map(([part]) => part).join('') === text;
  if (!complete) return 'Give a number with a unit, for example 90s, 15m or 2h.';
  const totalMs = parts.reduce((sum, [, number, unit]) => sum + Number(number) * unitMs(unit), 0);
  if (totalMs < 1) return 'Give more than nothing, for example 90s.';
  return totalMs > MAX_MS ? 'Give at most 30d.' : Math.round(totalMs);
}

const unitMs = (unit: string | undefined): number => UNIT_MS[unit as keyof typeof UNIT_MS];

/** Value parser of an option that takes a duration; the value becomes milliseconds. */
export function durationOption(text: string): number {
  const parsed = parseDuration(text);
  if (typeof parsed === 'string') throw new InvalidArgumentError(parsed);
  return parsed;
}
