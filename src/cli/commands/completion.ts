import { Argument, type Command } from 'commander';
import { completionScript, SHELLS, type Shell } from '../completion/scripts';
import { EXIT } from '../errors';
import { examples, type DefineCommand } from '../options';

export const define: DefineCommand = (command, setExitCode) => {
  command
    .addArgument(new Argument('<shell>', 'shell that reads the script').choices(SHELLS))
    .addHelpText(
      'after',
      `\nThe script completes the words of this version. It starts no program, so it completes no ids of operations and no\nnames of machines. Load it when your shell starts:\n  bash  echo 'source <(snapflow completion bash)' >> ~/.bashrc\n  zsh   echo 'source <(snapflow completion zsh)' >> ~/.zshrc   # after compinit\n  fish  snapflow completion fish > ~/.config/fish/completions/snapflow.fish\n${examples(
        ['snapflow completion bash', 'snapflow completion zsh', 'snapflow completion fish'],
      )}`,
    )
    .action((shell: Shell, _: object, { parent }: Command) => {
      process.stdout.write(completionScript(parent ?? command, shell));
      setExitCode(EXIT.ok);
    });
};
