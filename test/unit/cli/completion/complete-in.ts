import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Shell } from '../../../../src/cli/completion/scripts';

/** A shell that is asked, not one that hangs. */
const LIMIT_MS = 30_000;

export const isInstalled = (shell: Shell): boolean => spawnSync(shell, ['-c', ':']).status === 0;

/**
 * What the shell offers at the end of each line, sorted.
 * @param folder where the script was written as `script.<shell>`, and where the shell stands
 */
export function completeIn(
  shell: Shell,
  folder: string,
  lines: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const program = join(folder, `ask.${shell}`);
  writeFileSync(program, ASK[shell]);
  const env = { PATH: process.env['PATH'], HOME: folder, TERM: 'xterm', LINES_TO_ASK: lines.join('\n') };
  const options = { cwd: folder, env, encoding: 'utf8', timeout: LIMIT_MS } as const;
  const flags = { bash: ['--norc'], zsh: ['-f'], fish: ['--no-config'] } as const;
  const answers = execFileSync(shell, [...flags[shell], program], options).split('next\n');
  return new Map(lines.map((line, index) => [line, offered(answers[index] ?? '')]));
}

const offered = (answer: string): readonly string[] =>
  answer
    .split('\n')
    .filter((word) => word !== '')
    .map((word) => word.replace(/^--[a-z-]+=/, ''))
    .toSorted();

const ASK: Readonly<Record<Shell, string>> = {
  // readline splits at blanks and at "=", as here; then it calls the function that `complete` names.
  bash: `source script.bash
registered=$(complete -p snapflow)
registered=\${registered#* -F }
while IFS= read -r line; do
  read -r -a COMP_WORDS <<< "\${line//=/ = }"
  [[ $line == *[\\ =] ]] && COMP_WORDS+=('')
  COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
  \${registered%% *}
  printf '%s\\n' "\${COMPREPLY[@]}" next
done <<< "$LINES_TO_ASK"
`,
  // An interactive zsh on a terminal of its own, which writes down what it would offer. ^T tells that it is done, ^U starts anew.
  zsh: `zmodload zsh/zpty
zpty inner zsh -f -i
says() { local seen; zpty -r -m inner seen "*$1*" }
zpty -w inner 'autoload -Uz compinit && compinit -u -D && source ./script.zsh'
zpty -w inner 'compadd() {
  [[ "\${@[1,(i)(-|--)]}" == *-(O|A|D)* ]] && { builtin compadd "$@"; return }
  local -a hits kept=(); zparseopts -E P:=kept; builtin compadd -A hits "$@"
  print -rl -- \${hits/#/$IPREFIX\${kept[2]}} >> offered
  builtin compadd "$@"
}'
zpty -w inner 'ended() { print -r "com""pleted" }; zle -N ended; bindkey "^T" ended; PROMPT= ; print re""ady'
says ready
for line in "\${(f)LINES_TO_ASK}"; do
  : > offered
  zpty -w -n inner "$line"$'\\t'$'\\x14'$'\\x15'
  says completed
  sort -u offered
  print next
done
zpty -d inner
`,
  fish: `source script.fish
for line in (string split \\n -- $LINES_TO_ASK)
    complete -C "$line" | string replace -r '\\t.*' ''
    echo next
end
`,
};
