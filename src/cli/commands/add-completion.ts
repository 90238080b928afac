import { Argument, type Command } from 'commander';
import type * as CompletionScript from '../completion/completion-script';
import { SHELLS, type Shell } from '../completion/shells';
import { examples } from '../examples';
import type { Finish } from '../finish-command';

/** Adds `snapflow completion`. It is added last: its script has every command that was added before. */
export const addCompletion = (program: Command, finish: Finish): void => {
  program
    .command('completion')
    .addArgument(new Argument('<shell>', 'the shell that is to read it').choices(SHELLS))
    .description('print a script that lets a shell complete commands, options and their values')
    .addHelpText(
      'after',
      `\nThe script knows this version's words and asks nobody: ids of operations and names of machines are not\ncompleted. Read it where your shell starts:\n  bash  echo 'source <(snapflow completion bash)' >> ~/.bashrc\n  zsh   echo 'source <(snapflow completion zsh)' >> ~/.zshrc   # after compinit\n  fish  snapflow completion fish > ~/.config/fish/completions/snapflow.fish\n${examples(
        ['snapflow completion bash', 'snapflow completion zsh', 'snapflow completion fish'],
      )}`,
    )
    .action((shell: Shell) => {
      const { completionScript } = require('../completion/completion-script') as typeof CompletionScript;
      process.stdout.write(completionScript(program, shell));
      finish(0);
    });
};
