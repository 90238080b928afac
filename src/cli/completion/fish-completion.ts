import { shellQuoted } from './shell-quoted';
import type { CommandWords, OptionWords, Value } from './command-words';

/** A completion script for fish 3 and later. */
export const fishCompletion = (
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

const optionLine = (name: string, { flags, description, value }: OptionWords): string => {
  const named = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  const parts = [within(name), ...named, ...(value === undefined ? [] : [takes(value)])];
  return `complete -c snapflow ${parts.join(' ')} -d ${shellQuoted(description)}`;
};

const takes = (value: Value): string => {
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
};
