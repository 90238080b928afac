import { Snapflow, TemporalUnavailable } from '../client';
import { oneLine } from '../contract/text';
import { formatOf, type CommonOptions, type Format } from './common-options';
import { exitCodeOfError } from './exit-code';
import { explainError } from './explain-error';
import { Interrupted } from './interrupted';
import { shownLines } from './shown-lines';
import { processTerminal, type Terminal } from './terminal';

/** What an action works with. */
export interface ActionContext {
  readonly snapflow: Snapflow;
  readonly terminal: Terminal;
  readonly format: Format;
  readonly quiet: boolean;
  /** Aborted with `Interrupted` by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
  /** A sentence for people on stderr, harmless whatever names are in it; nothing with `--quiet`. */
  readonly hint: (sentence: string) => void;
}

export interface ActionHooks {
  /** Refuses wrong input by throwing, before anything is connected. */
  readonly check?: () => void;
  /** What to say when the command is interrupted while its operation goes on. */
  readonly comeBack?: () => string;
  /** Tells in data that no connection came about; returns the exit code. */
  readonly unconnected?: (error: TemporalUnavailable, terminal: Terminal, format: Format) => number;
}

/**
 * Runs an action against a connected client and returns the exit code. Errors become sentences on stderr.
 */
export const runAction = async (
  options: CommonOptions,
  act: (context: ActionContext) => Promise<number>,
  { check, comeBack, unconnected }: ActionHooks = {},
): Promise<number> => {
  const terminal = processTerminal();
  const quiet = options.quiet === true;
  const hint = (sentence: string): void => {
    if (!quiet) terminal.err(`${oneLine(sentence)}\n`);
  };
  const interrupt = interruptSignal();
  try {
    check?.();
    const snapflow = await Snapflow.connect({
      ...connectOptions(options),
      onNotice: hint,
      signal: interrupt.signal,
    });
    try {
      const context = {
        snapflow,
        terminal,
        format: formatOf(options),
        quiet,
        signal: interrupt.signal,
        hint,
      };
      return await act(context);
    } finally {
      await snapflow.close();
    }
  } catch (error) {
    if (unconnected !== undefined && error instanceof TemporalUnavailable)
      return unconnected(error, terminal, formatOf(options));
    const sentence = error instanceof Interrupted ? comeBack?.() : explainError(error);
    if (sentence !== undefined) terminal.err(`${terminal.live ? '\r' : ''}${shownLines(sentence)}\n`);
    return exitCodeOfError(error);
  } finally {
    interrupt.release();
  }
};

/** The first signal ends the command in order; a second one finds no listener and ends it at once. */
const interruptSignal = (): { signal: AbortSignal; release: () => void } => {
  const controller = new AbortController();
  const release = (): void => {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  };
  const interrupt = (): void => {
    release();
    controller.abort(new Interrupted());
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  return { signal: controller.signal, release };
};

const connectOptions = ({ address, namespace, profile, taskQueue }: CommonOptions) => ({
  ...(address === undefined ? {} : { address }),
  ...(namespace === undefined ? {} : { namespace }),
  ...(profile === undefined ? {} : { profile }),
  ...(taskQueue === undefined ? {} : { taskQueue }),
});
