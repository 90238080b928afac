/** One guard of the product taken out: a small patch of sources that still compiles. */
export interface Mutant {
  readonly name: string;
  readonly patches: readonly Patch[];
  /** Files of tests, below `test`, that look at this guard. */
  readonly tests: readonly string[];
}

export interface Patch {
  /** Below the root of the repository. */
  readonly file: string;
  /** Stands there exactly once. */
  readonly find: string;
  readonly replace: string;
}

/** A mutant of one patch. */
export const mutant = (
  name: string,
  [file, find, replace]: readonly [file: string, find: string, replace: string],
  tests: readonly string[],
): Mutant => ({ name, patches: [{ file, find, replace }], tests });
