import type { CommandWords, OptionWords, Value } from './command-words';

/**
 * A completion script for bash 3.2 (macOS) and later, which needs nothing but bash.
 *
 * Which command it is stands in the first word that is no option; which value, in the word before the cursor. bash cuts a
 * word at `=`, so `--output=js` arrives as three.
 */
export const bashCompletion = (
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

const replyOf = (value: Value): string => {
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
};

const argumentCase = ({ name, argument }: CommandWords): string[] =>
  argument !== undefined && 'words' in argument
    ? [`      ${name}) words='${argument.words.join(' ')}' ;;`]
    : [];
