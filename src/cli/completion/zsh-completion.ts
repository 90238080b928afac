import { shellQuoted } from './shell-quoted';
import type { CommandWords, OptionWords, Value } from './command-words';

/** A completion script for zsh: to be sourced after `compinit`, or put on the `fpath` as `_snapflow`. */
export const zshCompletion = (
  commands: readonly CommandWords[],
  global: readonly OptionWords[],
): string => `#compdef snapflow
# Completion of snapflow for zsh.
_snapflow() {
  local context state state_descr line
  typeset -A opt_args
  local -a commands
  commands=(
${commands.map(({ name, description }) => `    ${shellQuoted(`${name}:${escaped(description)}`)}`).join('\n')}
  )
  _arguments -C \\
${global.flatMap(optionSpecs).map(continued).join('\n')}
    '1:command:->command' \\
    '*::argument:->arguments'
  case $state in
    command) _describe -t commands command commands ;;
    arguments)
      case $words[1] in
${commands.map(commandCase).join('\n')}
      esac
      ;;
  esac
}
if [[ $funcstack[1] == _snapflow ]]; then
  _snapflow "$@"
else
  compdef _snapflow snapflow
fi
`;

const continued = (spec: string): string => `    ${spec} \\`;

const commandCase = ({ name, options, argument }: CommandWords): string => {
  const own = argument === undefined ? [] : [`1:${name}${actionOf(argument)}`];
  const specs = [...options.flatMap(optionSpecs), ...own.map(shellQuoted)];
  return `        ${name})\n          _arguments \\\n${specs.map((spec) => `            ${spec}`).join(' \\\n')}\n          ;;`;
};

/** One for each of its flags, which exclude each other. */
const optionSpecs = ({ flags, description, value }: OptionWords): string[] =>
  flags.map((flag) => {
    const others = flags.length > 1 ? `(${flags.join(' ')})` : '';
    const taken = flag.startsWith('--') ? `${flag}=` : `${flag}+`;
    const about = `[${escaped(description)}]`;
    return value === undefined
      ? shellQuoted(`${others}${flag}${about}`)
      : shellQuoted(`${others}${taken}${about}:${nameOf(flags)}${actionOf(value)}`);
  });

const nameOf = (flags: readonly string[]): string => (flags.at(-1) ?? '').replace(/^-+/, '');

const actionOf = (value: Value): string => {
  switch (value.kind) {
    case 'any':
      return ': ';
    case 'file':
      return ':_files';
    case 'one-of':
      return `:(${value.words.join(' ')})`;
    case 'some-of':
      return `:_sequence compadd - ${value.words.join(' ')}`;
  }
};

/** Brackets and colons are marks of a spec. */
const escaped = (text: string): string => text.replaceAll(/[\\[\]:]/g, String.raw`\$&`);
