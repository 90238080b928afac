import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Trial } from './trial';

/** What is known of all mutants; none where there is no file. */
export const readTrials = (file: string): readonly Trial[] =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { mutants: readonly Trial[] }).mutants : [];

/** A run of some mutants leaves what is known of the others. */
export function addTrial(file: string, trial: Trial): void {
  const others = readTrials(file).filter(({ mutant }) => mutant !== trial.mutant);
  writeFileSync(file, `${JSON.stringify({ mutants: [...others, trial] }, undefined, 2)}\n`);
}
