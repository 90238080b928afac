import type { Command } from 'commander';
import { commandWords, programOptions, type CommandWords, type OptionWords, type Value } from './words';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** The script that lets a shell complete this command line: complete in itself, it starts no program at a Tab. */
export const completionScript = (program: Command, shell: Shell): string =>
  SCRIPTS[shell](commandWords(program), programOptions(program));

/**
 * A completion script for bash 3.2 (macOS) and later, which needs nothing but bash.
 *
 * Which command it is stands in the first word that is no option; which value, in the word before the cursor. bash cuts a
 * word at `=`, so `--output=js` arrives as three.
 */
const bashCompletion = (
  commands: readonly CommandWords[],
  global: readonly OptionWords[],
): string => `# Completion of snapflow for bash.
_snapflow() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" command='' words='' head='' i
  COMPREPLY=()
  if [[ $cur == '=' ]]; then
    cur=''
  elif [[ $prev == '=' ]]; then
    prev="\${COMP_WORDS[COMP_CWORD-2]}"
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    if [[ \${COMP_WORDS[i]} != -* ]]; then
      command="\${COMP_WORDS[i]}"
      break
    fi
  done
  case "$command $prev" in
${commands.flatMap(valueCases).join('\n')}
  esac
  if [[ $cur == -* ]]; then
    case "$command" in
      '') words='${flagsOf(global)}' ;;
${commands.map(({ name, options }) => `      ${name}) words='${flagsOf(options)}' ;;`).join('\n')}
    esac
  else
    case "$command" in
      '') words='${commands.map(({ name }) => name).join(' ')}' ;;
${commands.flatMap(argumentCase).join('\n')}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -F _snapflow snapflow
`;

const flagsOf = (options: readonly OptionWords[]): string => options.flatMap(({ flags }) => flags).join(' ');

const valueCases = ({ name, options }: CommandWords): string[] =>
  options.flatMap(({ flags, value }) =>
    value === undefined
      ? []
      : [`    ${flags.map((flag) => `'${name} ${flag}'`).join(' | ')}) ${replyOf(value)}; return ;;`],
  );

function replyOf(value: Value): string {
  switch (value.kind) {
    case 'any':
      return 'COMPREPLY=()';
    case 'file':
      return String.raw`compopt -o filenames 2>/dev/null; local IFS=$'\n'; COMPREPLY=($(compgen -f -- "$cur"))`;
    case 'one-of':
      return `COMPREPLY=($(compgen -W '${value.words.join(' ')}' -- "$cur"))`;
    case 'some-of':
      return `if [[ $cur == *,* ]]; then head="\${cur%,*},"; fi; COMPREPLY=($(compgen -P "$head" -W '${value.words.join(' ')}' -- "\${cur##*,}"))`;
  }
}

const argumentCase = ({ name, argument }: CommandWords): string[] =>
  argument !== undefined && 'words' in argument
    ? [`      ${name}) words='${argument.words.join(' ')}' ;;`]
    : [];

/** A completion script for zsh: to be sourced after `compinit`, or put on the `fpath` as `_snapflow`. */
const zshCompletion = (
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

function commandCase({ name, options, argument }: CommandWords): string {
  const own = argument === undefined ? [] : [`1:${name}${actionOf(argument)}`];
  const specs = [...options.flatMap(optionSpecs), ...own.map(shellQuoted)];
  return `        ${name})\n          _arguments \\\n${specs.map((spec) => `            ${spec}`).join(' \\\n')}\n          ;;`;
}

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

function actionOf(value: Value): string {
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
}

/** Brackets and colons are marks of a spec. */
const escaped = (text: string): string => text.replaceAll(/[\\[\]:]/g, String.raw`\$&`);

/** A completion script for fish 3 and later. */
const fishCompletion = (
  commands: readonly CommandWords[],
  global: readonly OptionWords[],
): string => `# Completion of snapflow for fish.
function __snapflow_command
    for word in (commandline -opc)[2..]
        if not string match -q -- '-*' $word
            echo $word
            return
        end
    end
end
function __snapflow_in
    contains -- "$argv[1]" (__snapflow_command)
end
function __snapflow_at_start
    not string length -q -- (__snapflow_command)
end
complete -c snapflow -e
complete -c snapflow -f
${[...global.map((option) => optionLine('', option)), ...commands.map(nameLine), ...commands.flatMap(commandLines)].join('\n')}
`;

const within = (name: string): string =>
  name === '' ? '-n __snapflow_at_start' : `-n '__snapflow_in ${name}'`;

const nameLine = ({ name, description }: CommandWords): string =>
  `complete -c snapflow ${within('')} -a ${name} -d ${shellQuoted(description)}`;

const commandLines = ({ name, options, argument }: CommandWords): string[] => [
  ...options.map((option) => optionLine(name, option)),
  ...(argument !== undefined && 'words' in argument
    ? [`complete -c snapflow ${within(name)} -a ${shellQuoted(argument.words.join(' '))}`]
    : []),
];

function optionLine(name: string, { flags, description, value }: OptionWords): string {
  const named = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  const parts = [within(name), ...named, ...(value === undefined ? [] : [takes(value)])];
  return `complete -c snapflow ${parts.join(' ')} -d ${shellQuoted(description)}`;
}

function takes(value: Value): string {
  switch (value.kind) {
    case 'any':
      return '-x';
    case 'file':
      return '-r -F';
    case 'one-of':
      return `-x -a ${shellQuoted(value.words.join(' '))}`;
    case 'some-of':
      return `-x -a ${shellQuoted(`(__fish_append , ${value.words.join(' ')})`)}`;
  }
}

/** A word of a script in single quotes; what bash, zsh and fish understand alike. */
const shellQuoted = (word: string): string => `'${word.replaceAll("'", String.raw`'\''`)}'`;

const SCRIPTS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;
