import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import pc from 'picocolors';

/** Where a command writes: data on stdout, everything for people on stderr. */
export interface Terminal {
  out(text: string): void;
  /** Whole lines. A line that is being rewritten makes room and comes back below them. */
  err(text: string): void;
  /** The line that is rewritten where `live`, cut to the width; undefined wipes it. */
  line(text: string | undefined): void;
  /** Whether a person watches stderr, so that a line may be rewritten. */
  readonly live: boolean;
  /** Width of stderr in characters. */
  columns(): number;
  /** Whether a person can be asked: both what is asked and what is answered is a terminal. */
  readonly canAsk: boolean;
  /** Asks a person for a line; nothing when the input ends. Rejects with the signal's reason. */
  ask(question: string, signal: AbortSignal): Promise<string>;
  readonly colors: ReturnType<typeof pc.createColors>;
}

/** A terminal that says nothing about its width, or a very narrow one, still gets a readable line. */
const DEFAULT_COLUMNS = 80;

/** The process's own streams. Colours only where a person watches stderr and NO_COLOR is not set. */
export function processTerminal(): Terminal {
  const { stdout, stderr } = process;
  const live = stderr.isTTY && process.env['TERM'] !== 'dumb';
  return {
    ...streams(
      (text) => void stdout.write(text),
      (text) => void stderr.write(text),
    ),
    live,
    canAsk: process.stdin.isTTY && stderr.isTTY,
    ask: askLine,
    columns: () => stderr.columns || DEFAULT_COLUMNS,
    colors: pc.createColors(live && !process.env['NO_COLOR']),
  };
}

const WIPE = '\r\u001B[2K';

/** Both streams end on one screen: whatever is written, the line that is rewritten is wiped before and drawn again after. */
export function streams(
  toOut: (text: string) => void,
  toErr: (text: string) => void,
): Pick<Terminal, 'out' | 'err' | 'line'> {
  let shown: string | undefined;
  const around = (write: (text: string) => void, text: string): void => {
    if (text === '') return;
    if (shown !== undefined) toErr(WIPE);
    write(text);
    if (shown !== undefined) toErr(shown);
  };
  return {
    out: (text) => around(toOut, text),
    err: (text) => around(toErr, text),
    line: (text) => {
      if (text !== undefined || shown !== undefined) toErr(WIPE + (text ?? ''));
      shown = text;
    },
  };
}

/** The line is edited by the terminal itself, so that Ctrl-C stays the signal that ends every command. */
async function askLine(question: string, signal: AbortSignal): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  try {
    const ended = once(lines, 'close', { signal }).then(() => '');
    return await Promise.race([lines.question(question, { signal }), ended]);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    lines.close();
  }
}
