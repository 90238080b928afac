import type { Command } from 'commander';
import { bashCompletion } from './bash-completion';
import { commandWords, programOptions } from './command-words';
import { fishCompletion } from './fish-completion';
import type { Shell } from './shells';
import { zshCompletion } from './zsh-completion';

const SCRIPTS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;

/** The script that lets a shell complete this command line: complete in itself, it starts no program at a Tab. */
export const completionScript = (program: Command, shell: Shell): string =>
  SCRIPTS[shell](commandWords(program), programOptions(program));
