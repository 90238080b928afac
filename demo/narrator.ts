import { createColors } from 'picocolors';

const colors = createColors();

/** A printed statement that turned out to be false. */
export class CheckFailed extends Error {
  override readonly name = 'CheckFailed';
}

/** What the demo prints. Statements of fact go through `check` alone: none is printed that was not checked. */
export interface Narrator {
  /** Begins a chapter. */
  readonly chapter: (title: string) => void;
  /** What is about to be done, or how something stands. */
  readonly say: (text: string) => void;
  /** A detail that a hurried reader skips. */
  readonly detail: (text: string) => void;
  /** A statement and what shows it; throws `CheckFailed` when it does not hold. */
  readonly check: (statement: string, holds: boolean, evidence: string) => void;
  /** How many statements held so far. */
  readonly checked: () => number;
}

/** Writes lines; colours follow NO_COLOR and whether a terminal reads them. */
export function createNarrator(write: (line: string) => void): Narrator {
  const startedAt = performance.now();
  const seconds = () => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`.padStart(7);
  const line = (text: string) => write(`${colors.dim(seconds())}  ${text}`);
  let chapters = 0;
  let held = 0;
  return {
    chapter: (title) => write(`\n${colors.bold(`${++chapters}. ${title}`)}`),
    say: line,
    detail: (text) => line(colors.dim(text)),
    check: (statement, holds, evidence) => {
      line(`${holds ? colors.green('✓') : colors.red('✗')} ${statement} ${colors.dim(`(${evidence})`)}`);
      if (!holds) throw new CheckFailed(`This should have held and does not: ${statement} (${evidence}).`);
      held += 1;
    },
    checked: () => held,
  };
}
