import { Option, type Command } from 'commander';

export const FORMATS = ['table', 'json', 'jsonl'] as const;
export type Format = (typeof FORMATS)[number];

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
    .option('--quiet', 'no progress and no hints; a table is only the id that was asked for');

/** Adds those, and where the Temporal server is. */
export const addCommonOptions = (command: Command): Command =>
  addFormatOptions(command)
    .option('--address <host:port>', 'Temporal server (default: TEMPORAL_ADDRESS, else localhost:7233)')
    .option('--namespace <name>', 'Temporal namespace (default: TEMPORAL_NAMESPACE, else default)')
    .option('--profile <name>', "profile of Temporal's configuration file (default: TEMPORAL_PROFILE)")
    .option('--task-queue <name>', 'task queue of the workers (default: SNAPFLOW_TASK_QUEUE, else snapflow)');
