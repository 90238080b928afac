import type { BenchEnvironment } from './bench-environment';

/** A number that the project promised, and what it is here. */
export interface Target {
  readonly what: string;
  readonly wanted: string;
  readonly measured: string;
  readonly met: boolean;
}

/** What a row found: a table, with the peers beside us, and how it stands to its targets. */
export interface Measured {
  readonly columns: readonly string[];
  readonly lines: readonly (readonly (string | number)[])[];
  readonly targets: readonly Target[];
  /** What a reader could think was measured and was not. */
  readonly notMeasured: readonly string[];
}

export interface Row {
  readonly name: string;
  readonly question: string;
  /** Several times what it takes on two busy cores: one that takes longer hangs. */
  readonly limitMs: number;
  /** `quick`: a smaller size that takes seconds. */
  measure(bench: BenchEnvironment, quick: boolean): Promise<Measured>;
}

export const atMost = (what: string, measured: number, limit: number, unit: string): Target => ({
  what,
  wanted: `at most ${limit} ${unit}`,
  measured: `${rounded(measured)} ${unit}`,
  met: measured <= limit,
});

export const atLeast = (what: string, measured: number, limit: number, unit: string): Target => ({
  what,
  wanted: `at least ${limit} ${unit}`,
  measured: `${rounded(measured)} ${unit}`,
  met: measured >= limit,
});

/** Three significant digits: more would claim a precision that a shared machine does not have. */
export const rounded = (value: number): number => Number(value.toPrecision(3));
