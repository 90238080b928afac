import type { OperationHandle, Snapflow, TemporalUnavailable } from '../client';
import { omitUndefined } from '../contract/omit-undefined';
import { singleLine } from '../contract/text';
import { Interrupted } from './errors';
import { formatOf, type CommonOptions } from './options';
import { errorText, printableLines, type Format } from './output';
import type { Terminal } from './terminal';

/** What an action works with. */
export interface ActionContext {
  readonly snapflow: Snapflow;
  readonly terminal: Terminal;
  readonly format: Format;
  readonly quiet: boolean;
  /** Aborted with `Interrupted` by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
  /** A sentence for people on stderr, harmless whatever names are in it; nothing with `--quiet`. */
  readonly print: (sentence: string) => void;
}

export interface ActionHooks {
  /** Refuses wrong input by throwing, before anything is connected. */
  readonly check?: (terminal: Terminal) => void;
  /** What to print when the command is interrupted while its operation continues. */
  readonly whenInterrupted?: () => string;
  /** Writes as data that there is no connection; returns the exit code. */
  readonly unconnected?: (error: TemporalUnavailable, terminal: Terminal, format: Format) => Promise<number>;
}

/**
 * Runs an action against a connected client and returns the exit code. Errors become sentences on stderr.
 */
export async function runAction(
  options: CommonOptions,
  act: (context: ActionContext) => Promise<number>,
  { check, whenInterrupted, unconnected }: ActionHooks = {},
): Promise<number> {
  const interrupt = interruptSignal();
  const { signal } = interrupt;
  const streams = (await import('./terminal.js')).processTerminal();
  let wrote = false;
  const terminal: Terminal = {
    ...streams,
    out: (text) => {
      wrote = true;
      streams.out(text);
    },
  };
  const format = formatOf(options);
  const quiet = options.quiet === true;
  const print = (sentence: string): void => {
    if (!quiet) terminal.err(`${singleLine(sentence)}\n`);
  };
  try {
    check?.(terminal);
    const { Snapflow } = await import('../client/index.js');
    const { address, namespace, profile, taskQueue } = options;
    const settings = omitUndefined({ address, namespace, profile, taskQueue });
    const snapflow = await Snapflow.connect({ ...settings, onNotice: print, signal });
    try {
      return await act({ snapflow, terminal, format, quiet, signal, print });
    } finally {
      await snapflow.close();
    }
  } catch (error) {
    const { errorData, exitCodeOfError, explainError, isUnavailable } = await import('./explain-error.js');
    if (unconnected !== undefined && isUnavailable(error)) return await unconnected(error, terminal, format);
    const sentence = error instanceof Interrupted ? whenInterrupted?.() : explainError(error);
    terminal.out(errorText(format, errorData(error, sentence), wrote));
    if (sentence !== undefined) terminal.err(`${terminal.live ? '\r' : ''}${printableLines(sentence)}\n`);
    return exitCodeOfError(error);
  } finally {
    interrupt.release();
  }
}

/** The first signal ends the command in order; a second one finds no listener and ends it at once. */
function interruptSignal(): { signal: AbortSignal; release: () => void } {
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
}

/** The operation that a command was given the id of. */
export async function operationOf(
  { snapflow, signal }: ActionContext,
  id: string,
  { connection }: { readonly connection?: string },
): Promise<OperationHandle> {
  try {
    return await snapflow.operation(id, { signal, ...omitUndefined({ connection }) });
  } catch (error) {
    const { asArgument } = await import('./explain-error.js');
    throw asArgument(error);
  }
}
