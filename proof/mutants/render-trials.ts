import type { Mutant } from './mutant';
import { fingerprint } from './mutant';
import { catcherOf, type Trial } from './trial';

/** Who caught what, as a table of Markdown; a mutant that was not tried, or with another patch, says so. */
export function renderTrials(mutants: readonly Mutant[], trials: readonly Trial[]): string {
  const rows = mutants.map((mutant) => {
    const trial = trials.find((each) => each.mutant === mutant.name);
    if (trial === undefined) return [mutant.name, 'not tried', '', ''];
    if (trial.fingerprint !== fingerprint(mutant)) return [mutant.name, 'not tried as it is now', '', ''];
    const before = trial.asked
      .filter(({ answer }) => answer !== 'caught' && answer !== 'hung')
      .map(({ answer, detector }) => (answer === 'survived' ? detector : `${detector} (red without it)`));
    const catcher = catcherOf(trial);
    const by =
      catcher === undefined
        ? 'NOBODY'
        : `${catcher.detector}${catcher.answer === 'hung' ? ' (it hung)' : ''}`;
    return [mutant.name, by, String(catcher?.seconds ?? ''), before.join('; ')];
  });
  const head = ['taken out', 'caught by', 'seconds', 'passed before'];
  return [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`)
    .join('\n');
}
