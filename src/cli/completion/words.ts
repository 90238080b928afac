import { omitUndefined } from '../../contract/omit-undefined';
import type { Argument, Command, Option } from 'commander';

/** What may follow an option, or stand as an argument. */
export type Value =
  | { readonly kind: 'any' }
  | { readonly kind: 'file' }
  | { readonly kind: 'one-of' | 'some-of'; readonly words: readonly string[] };

export interface OptionWords {
  /** With their dashes: `['-o', '--output']`. */
  readonly flags: readonly string[];
  readonly description: string;
  /** Absent where the option takes none. */
  readonly value?: Value;
}

/** One command as a shell completes it. */
export interface CommandWords {
  readonly name: string;
  readonly description: string;
  readonly options: readonly OptionWords[];
  /** Absent where the command takes no argument. */
  readonly argument?: Value;
}

/** Everything that can be typed, read from the command line itself: nothing has to be kept in step by hand. */
export function commandWords(program: Command): readonly CommandWords[] {
  const help = program.createHelp();
  const commands = help.visibleCommands(program);
  const names = commands.map((command) => command.name());
  return commands.map((command) => {
    const [argument] = command.registeredArguments;
    const value = argument === undefined ? undefined : valueOfArgument(command, argument, names);
    return {
      name: command.name(),
      description: command.description(),
      options: help.visibleOptions(command).map(optionWords),
      ...omitUndefined({ argument: value }),
    };
  });
}

/** Those before a command: `--help` and `--version`. */
export const programOptions = (program: Command): readonly OptionWords[] =>
  program.createHelp().visibleOptions(program).map(optionWords);

function optionWords(option: Option): OptionWords {
  const flags = [option.short, option.long].filter((flag) => typeof flag === 'string');
  const { description } = option;
  return option.required || option.optional
    ? { flags, description, value: valueOf(option.flags, option.argChoices) }
    : { flags, description };
}

/** The placeholder says what it is, as it does in the help: `<file>`, or `<state,...>` for a list. */
function valueOf(placeholder: string, choices: readonly string[] | undefined): Value {
  if (choices !== undefined)
    return { kind: placeholder.includes(',...') ? 'some-of' : 'one-of', words: choices };
  return { kind: placeholder.includes('<file>') ? 'file' : 'any' };
}

const valueOfArgument = (command: Command, argument: Argument, names: readonly string[]): Value =>
  command.name() === 'help'
    ? { kind: 'one-of', words: names }
    : valueOf(argument.name(), argument.argChoices);
