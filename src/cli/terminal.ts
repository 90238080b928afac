import pc from 'picocolors';

/** Where a command writes: data on stdout, everything for people on stderr. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Whether a person watches stderr, so that a line may be rewritten. */
  readonly live: boolean;
  /** Width of stderr in characters. */
  columns(): number;
  readonly colors: ReturnType<typeof pc.createColors>;
}

/** A terminal that says nothing about its width, or a very narrow one, still gets a readable line. */
const DEFAULT_COLUMNS = 80;

/** The process's own streams. Colours only where a person watches stderr and NO_COLOR is not set. */
export const processTerminal = (): Terminal => {
  const { stdout, stderr } = process;
  const live = stderr.isTTY && process.env['TERM'] !== 'dumb';
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    live,
    columns: () => stderr.columns || DEFAULT_COLUMNS,
    colors: pc.createColors(live && !process.env['NO_COLOR']),
  };
};
