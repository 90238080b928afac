import type { ActionContext } from './run-action';
import { processTerminal } from './terminal';
import { UsageError } from './usage-error';

export interface ConfirmOptions {
  readonly yes?: boolean;
}

interface Confirmation {
  /** @throws UsageError where nobody can be asked */
  readonly check: () => void;
  /** Asks what the sentence says; true without asking when the answer was given with the command. */
  readonly confirm: (context: ActionContext, sentence: () => Promise<string>) => Promise<boolean>;
}

/** For commands that destroy something: a person at a terminal is asked, a script has to say `--yes`. */
export const askOrNeedYes = (
  { yes = false }: ConfirmOptions,
  danger: string,
  { canAsk } = processTerminal(),
): Confirmation => ({
  check: () => {
    if (!yes && !canAsk)
      throw new UsageError(`${danger}, and nobody can be asked here: confirm it with --yes.`);
  },
  confirm: async ({ terminal, signal }, sentence) =>
    yes || isYes(await terminal.ask(`${await sentence()} [y/N] `, signal)),
});

const isYes = (answer: string): boolean => /^\s*y(?:es)?\s*$/i.test(answer);
